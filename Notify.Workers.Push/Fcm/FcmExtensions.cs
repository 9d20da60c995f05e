using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Notify.Workers.Push.Tokens;

namespace Notify.Workers.Push.Fcm;

internal static class FcmExtensions
{
    /// <summary>Adds FCM if its section says anything about a project or credentials, and then requires all it needs.</summary>
    public static IHostApplicationBuilder AddFcm(this IHostApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(FcmOptions.SectionName);
        if (!(section.Get<FcmOptions>()?.IsConfigured ?? false))
            return builder;

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddOptions<FcmOptions>().Bind(section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<FcmOptions>, FcmOptionsValidator>();
        builder.AddPushProvider<FcmProvider>();
        return builder;
    }
}
