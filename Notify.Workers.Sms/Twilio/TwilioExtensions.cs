using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Workers.Sms.Twilio;

public static class TwilioExtensions
{
    /// <summary>Adds Twilio if its section says anything about an account, and then requires all it needs.</summary>
    public static IHostApplicationBuilder AddTwilio(this IHostApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(TwilioOptions.SectionName);
        if (!(section.Get<TwilioOptions>()?.IsConfigured ?? false))
            return builder;

        builder.Services.AddOptions<TwilioOptions>().Bind(section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TwilioOptions>, TwilioOptionsValidator>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IProvider<SmsMessage>, TwilioProvider>();
        return builder;
    }
}
