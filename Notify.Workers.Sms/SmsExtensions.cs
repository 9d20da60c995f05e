using Notify.Sending.Adapters;
using Notify.Sending.Providers;
using Notify.Workers.Sms.Gateway;
using Notify.Workers.Sms.Twilio;

namespace Notify.Workers.Sms;

/// <summary>Registers the providers of text messages.</summary>
public static class SmsExtensions
{
    /// <summary>Those that are configured, in the order in which they are asked.</summary>
    public static IHostApplicationBuilder AddSmsProviders(this IHostApplicationBuilder builder)
    {
        builder.AddProvider<SmsMessage, TwilioProvider, TwilioOptions, TwilioOptionsValidator>();
        builder.AddProvider<SmsMessage, GatewayProvider, GatewayOptions, GatewayOptionsValidator>();
        return builder;
    }
}
