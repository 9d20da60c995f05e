using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;

namespace Notify.Workers.Sms.Twilio;

public static class TwilioExtensions
{
    /// <summary>Sends text messages through Twilio; settings in <see cref="TwilioOptions"/>.</summary>
    public static IHostApplicationBuilder AddTwilio(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<TwilioOptions>().BindConfiguration(TwilioOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TwilioOptions>, TwilioOptionsValidator>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IProvider<SmsMessage>, TwilioProvider>();
        return builder;
    }
}
