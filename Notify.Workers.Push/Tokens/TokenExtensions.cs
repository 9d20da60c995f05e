using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Workers.Push.Tokens;

internal static class TokenExtensions
{
    /// <summary>Adds a provider of push notifications behind the guard of its tokens.</summary>
    public static void AddPushProvider<TProvider>(this IHostApplicationBuilder builder)
        where TProvider : class, IProvider<PushMessage>
    {
        builder.Services.AddOptions<TokenOptions>().BindConfiguration(TokenOptions.SectionName).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TokenOptions>, TokenOptionsValidator>());
        builder.Services.AddSingleton<IProvider<PushMessage>>(services => new TokenGuard(
            ActivatorUtilities.CreateInstance<TProvider>(services),
            services.GetRequiredService<IOptions<TokenOptions>>().Value,
            services.GetRequiredService<TimeProvider>()
        ));
    }
}

[OptionsValidator]
internal sealed partial class TokenOptionsValidator : IValidateOptions<TokenOptions>;
