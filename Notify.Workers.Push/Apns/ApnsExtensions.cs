using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Notify.Workers.Push.Tokens;

namespace Notify.Workers.Push.Apns;

internal static class ApnsExtensions
{
    /// <summary>Adds APNs if its section says anything about a team or a key, and then requires all it needs.</summary>
    public static IHostApplicationBuilder AddApns(this IHostApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(ApnsOptions.SectionName);
        if (!(section.Get<ApnsOptions>()?.IsConfigured ?? false))
            return builder;

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddOptions<ApnsOptions>().Bind(section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ApnsOptions>, ApnsOptionsValidator>();
        builder.AddPushProvider<ApnsProvider>();
        return builder;
    }
}
