using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;
using Notify.Workers.Push.Apns;
using Notify.Workers.Push.Fcm;
using Notify.Workers.Push.Tokens;

namespace Notify.Workers.Push;

/// <summary>Registers the providers of push notifications.</summary>
public static class PushExtensions
{
    /// <summary>Those that are configured, in the order in which they are asked, each behind the guard of its tokens.</summary>
    public static IHostApplicationBuilder AddPushProviders(this IHostApplicationBuilder builder)
    {
        builder.AddProvider<PushMessage, FcmProvider, FcmOptions, FcmOptionsValidator>(AddTokenOptions, Guard);
        builder.AddProvider<PushMessage, ApnsProvider, ApnsOptions, ApnsOptionsValidator>(AddTokenOptions, Guard);
        return builder;
    }

    /// <summary>What the guard needs; adding it again changes nothing.</summary>
    private static void AddTokenOptions(IServiceCollection services)
    {
        services.AddOptions<TokenOptions>().BindConfiguration(TokenOptions.SectionName).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TokenOptions>, TokenOptionsValidator>());
    }

    private static TokenGuard Guard(IServiceProvider services, IProvider<PushMessage> provider) =>
        new(provider, services.GetRequiredService<IOptions<TokenOptions>>().Value, services.GetRequiredService<TimeProvider>());
}
