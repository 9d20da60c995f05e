using Service = Aspire.Hosting.ApplicationModel.IResourceBuilder<Aspire.Hosting.ApplicationModel.ProjectResource>;

namespace Notify.AppHost.Providers;

/// <summary>Twilio first, an HTTP gateway as its fallback; the sandbox as for e-mail.</summary>
internal static class SmsProviders
{
    public static Service WithSmsProviders(this Service sms, Service? sandbox)
    {
        if (sandbox is null || sms.IsSet("twilio-account-sid") || sms.IsSet("sms-gateway-url"))
            sms.WithRealProviders();
        else
            sms.WithSandbox(sandbox);
        return sms.WithTuning("Sms__Twilio__MessagesPerSecond", "twilio-per-second", "1")
            .WithTuning("Sms__Gateway__MessagesPerSecond", "sms-gateway-per-second", "");
    }

    private static void WithRealProviders(this Service sms)
    {
        if (sms.MayUse("twilio-account-sid"))
        {
            sms.WithParameter("Sms__Twilio__AccountSid", "twilio-account-sid")
                .WithParameter("Sms__Twilio__AuthToken", "twilio-auth-token", secret: true)
                .WithParameter("Sms__Twilio__From", "twilio-from")
                .WithTuning("Sms__Twilio__Endpoint", "twilio-endpoint", "https://api.twilio.com");
        }
        sms.WithOptionalParameter("Sms__Gateway__Url", "sms-gateway-url", secret: true)
            .WithOptionalParameter("Sms__Gateway__From", "sms-gateway-from")
            .WithOptionalParameter("Sms__Gateway__Headers__Authorization", "sms-gateway-authorization", secret: true)
            .WithOptionalParameter("Sms__Gateway__MessageIdPath", "sms-gateway-message-id-path");
    }

    private static void WithSandbox(this Service sms, Service sandbox) =>
        sms.WithEnvironment("Sms__Twilio__AccountSid", "AC00000000000000000000000000000000")
            .WithEnvironment("Sms__Twilio__AuthToken", "sandbox-token")
            .WithEnvironment("Sms__Twilio__From", "+15005550006")
            .WithEnvironment("Sms__Twilio__Endpoint", sandbox.GetEndpoint("http"))
            .WithEnvironment("Sms__Twilio__MessagesPerSecond", "10000") // a real number's one a second would only be in the way
            .WithEnvironment("Sms__Gateway__Url", ReferenceExpression.Create($"{sandbox.GetEndpoint("http")}/sms-gateway"))
            .WithEnvironment("Sms__Gateway__MessageIdPath", "id")
            .WithEnvironment("Sms__Gateway__ErrorPath", "error.code")
            .WithSelfCheck("Phone", "+15005550100");
}
