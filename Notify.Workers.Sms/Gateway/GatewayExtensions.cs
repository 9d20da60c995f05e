using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Workers.Sms.Gateway;

public static class GatewayExtensions
{
    /// <summary>Adds the HTTP gateway if <c>Sms:Gateway</c> has a URL, and then requires all it needs.</summary>
    public static IHostApplicationBuilder AddGateway(this IHostApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(GatewayOptions.SectionName);
        if (!(section.Get<GatewayOptions>()?.IsConfigured ?? false))
            return builder;

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddOptions<GatewayOptions>().Bind(section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        builder.Services.AddSingleton<IProvider<SmsMessage>, GatewayProvider>();
        return builder;
    }
}
