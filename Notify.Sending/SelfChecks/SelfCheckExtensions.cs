using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;

namespace Notify.Sending.SelfChecks;

/// <summary>Registers a worker's check of itself.</summary>
internal static class SelfCheckExtensions
{
    public static IHostApplicationBuilder AddSelfCheck(this IHostApplicationBuilder builder, Channel channel)
    {
        builder.Services.AddOptions<SelfCheckOptions>().BindConfiguration(SelfCheckOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SelfCheckOptions>, SelfCheckOptionsValidator>();
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<SelfCheckMetrics>(services, channel));
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<SelfCheck>(services, channel));
        builder.Services.AddHostedService<SelfCheckLoop>();
        builder.Services.AddHealthChecks().AddCheck<SelfCheckHealthCheck>("self-check", HealthStatus.Unhealthy);
        return builder;
    }
}
