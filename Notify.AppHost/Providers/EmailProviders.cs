using Service = Aspire.Hosting.ApplicationModel.IResourceBuilder<Aspire.Hosting.ApplicationModel.ProjectResource>;

namespace Notify.AppHost.Providers;

/// <summary>
/// SMTP first, SendGrid as its fallback. The sandbox plays neither as soon as one of them is real: it would swallow what the other cannot
/// send.
/// </summary>
internal static class EmailProviders
{
    public static Service WithEmailProviders(this Service email, Service? sandbox)
    {
        if (sandbox is null || email.IsSet("smtp-host") || email.IsSet("sendgrid-api-key"))
            email.WithRealProviders();
        else
            email.WithSandbox(sandbox);
        return email
            .WithTuning("Email__Smtp__MessagesPerSecond", "smtp-per-second", "")
            .WithTuning("Email__SendGrid__MessagesPerSecond", "sendgrid-per-second", "");
    }

    private static void WithRealProviders(this Service email)
    {
        email.WithParameter("Email__From", "email-from");
        if (email.MayUse("smtp-host"))
        {
            email
                .WithParameter("Email__Smtp__Host", "smtp-host")
                .WithTuning("Email__Smtp__Port", "smtp-port", "587")
                .WithOptionalParameter("Email__Smtp__UserName", "smtp-username")
                .WithOptionalParameter("Email__Smtp__Password", "smtp-password", secret: true)
                .WithTuning("Email__Smtp__Security", "smtp-security", "StartTls");
        }
        if (email.MayUse("sendgrid-api-key"))
        {
            email
                .WithParameter("Email__SendGrid__ApiKey", "sendgrid-api-key", secret: true)
                .WithTuning("Email__SendGrid__Endpoint", "sendgrid-endpoint", "https://api.sendgrid.com");
        }
    }

    private static void WithSandbox(this Service email, Service sandbox)
    {
        var smtp = sandbox.GetEndpoint("smtp");
        email
            .WithEnvironment("Email__From", "notify@example.test")
            .WithEnvironment("Email__Smtp__Host", smtp.Property(EndpointProperty.Host))
            .WithEnvironment("Email__Smtp__Port", smtp.Property(EndpointProperty.Port))
            .WithEnvironment("Email__Smtp__Security", "None")
            .WithEnvironment("Email__SendGrid__ApiKey", "SG.sandbox.key")
            .WithEnvironment("Email__SendGrid__Endpoint", sandbox.GetEndpoint("http"))
            .WithSelfCheck("Email", "self-check@example.test");
    }
}
