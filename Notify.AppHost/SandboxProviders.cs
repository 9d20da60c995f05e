namespace Notify.AppHost;

/// <summary>
/// Which providers the channel workers talk to. Published, each setting is a parameter; in run mode too, once a provider's main parameter has a value
/// (user secrets or configuration, Parameters:&lt;name&gt;); until then the sandbox plays the provider.
/// </summary>
internal static class SandboxProviders
{
    private const string SandboxProject = "notify-sandbox";

    /// <summary>The sandbox exists in run mode only.</summary>
    public static IResourceBuilder<ProjectResource>? AddSandbox(this IDistributedApplicationBuilder builder) => builder.ExecutionContext.IsPublishMode ? null :
        builder.AddProject<Projects.Notify_Sandbox>("sandbox")
            .WithHttpEndpoint(name: "http2", env: "Sandbox__Http2Port")
            .WithEndpoint(scheme: "tcp", name: "smtp", env: "Sandbox__SmtpPort")
            .WithHttpHealthCheck("/health", endpointName: "http")
            .WithUrlForEndpoint("http", url => url.DisplayText = "What arrived")
            .WithUrlForEndpoint("http2", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
            .ExcludeFromManifest();

    public static IResourceBuilder<ProjectResource> WithPushProviders(this IResourceBuilder<ProjectResource> push, IResourceBuilder<ProjectResource>? sandbox)
    {
        if (sandbox is null || push.IsSet("fcm-project-id"))
        {
            push.WithParameter("Push__Fcm__ProjectId", "fcm-project-id").WithParameter("Push__Fcm__Credentials", "fcm-credentials", secret: true);
        }
        else
        {
            push.WithEnvironment("Push__Fcm__ProjectId", SandboxProject)
                .WithEnvironment("Push__Fcm__Credentials", SandboxKeys.ServiceAccount(SandboxProject, sandbox.GetEndpoint("http")))
                .WithEnvironment("Push__Fcm__Endpoint", sandbox.GetEndpoint("http2"));
        }

        if (sandbox is null || push.IsSet("apns-team-id"))
        {
            return push.WithParameter("Push__Apns__TeamId", "apns-team-id").WithParameter("Push__Apns__KeyId", "apns-key-id")
                .WithParameter("Push__Apns__PrivateKey", "apns-private-key", secret: true).WithParameter("Push__Apns__Topic", "apns-topic");
        }
        return push.WithEnvironment("Push__Apns__TeamId", "SANDBOXTEA").WithEnvironment("Push__Apns__KeyId", "SANDBOXKEY")
            .WithEnvironment("Push__Apns__PrivateKey", SandboxKeys.SigningKey()).WithEnvironment("Push__Apns__Topic", "com.example.app")
            .WithEnvironment("Push__Apns__ProductionEndpoint", sandbox.GetEndpoint("http2"))
            .WithEnvironment("Push__Apns__SandboxEndpoint", sandbox.GetEndpoint("http2"));
    }

    /// <summary>SMTP first, SendGrid as its fallback. The sandbox plays neither as soon as one of them is real: it would swallow what the other cannot send.</summary>
    public static IResourceBuilder<ProjectResource> WithEmailProviders(this IResourceBuilder<ProjectResource> email, IResourceBuilder<ProjectResource>? sandbox)
    {
        if (sandbox is null || email.IsSet("smtp-host") || email.IsSet("sendgrid-api-key"))
        {
            email.WithParameter("Email__From", "email-from");
            if (email.MayUse("smtp-host"))
            {
                email.WithParameter("Email__Smtp__Host", "smtp-host")
                    .WithOptionalParameter("Email__Smtp__Port", "smtp-port").WithOptionalParameter("Email__Smtp__UserName", "smtp-username")
                    .WithOptionalParameter("Email__Smtp__Password", "smtp-password", secret: true).WithOptionalParameter("Email__Smtp__Security", "smtp-security");
            }
            return email.WithOptionalParameter("Email__SendGrid__ApiKey", "sendgrid-api-key", secret: true);
        }
        var smtp = sandbox.GetEndpoint("smtp");
        return email.WithEnvironment("Email__From", "notify@example.test")
            .WithEnvironment("Email__Smtp__Host", smtp.Property(EndpointProperty.Host)).WithEnvironment("Email__Smtp__Port", smtp.Property(EndpointProperty.Port))
            .WithEnvironment("Email__Smtp__Security", "None")
            .WithEnvironment("Email__SendGrid__ApiKey", "SG.sandbox.key").WithEnvironment("Email__SendGrid__Endpoint", sandbox.GetEndpoint("http"));
    }

    /// <summary>Twilio first, an HTTP gateway as its fallback; the sandbox as for e-mail.</summary>
    public static IResourceBuilder<ProjectResource> WithSmsProviders(this IResourceBuilder<ProjectResource> sms, IResourceBuilder<ProjectResource>? sandbox)
    {
        if (sandbox is null || sms.IsSet("twilio-account-sid") || sms.IsSet("sms-gateway-url"))
        {
            if (sms.MayUse("twilio-account-sid"))
            {
                sms.WithParameter("Sms__Twilio__AccountSid", "twilio-account-sid").WithParameter("Sms__Twilio__AuthToken", "twilio-auth-token", secret: true)
                    .WithParameter("Sms__Twilio__From", "twilio-from");
            }
            return sms.WithOptionalParameter("Sms__Gateway__Url", "sms-gateway-url", secret: true).WithOptionalParameter("Sms__Gateway__From", "sms-gateway-from")
                .WithOptionalParameter("Sms__Gateway__Headers__Authorization", "sms-gateway-authorization", secret: true)
                .WithOptionalParameter("Sms__Gateway__MessageIdPath", "sms-gateway-message-id-path");
        }
        return sms.WithEnvironment("Sms__Twilio__AccountSid", "AC00000000000000000000000000000000").WithEnvironment("Sms__Twilio__AuthToken", "sandbox-token")
            .WithEnvironment("Sms__Twilio__From", "+15005550006").WithEnvironment("Sms__Twilio__Endpoint", sandbox.GetEndpoint("http"))
            .WithEnvironment("Sms__Twilio__MessagesPerSecond", "10000")   // a real number's one a second would only be in the way
            .WithEnvironment("Sms__Gateway__Url", ReferenceExpression.Create($"{sandbox.GetEndpoint("http")}/sms-gateway"))
            .WithEnvironment("Sms__Gateway__MessageIdPath", "id").WithEnvironment("Sms__Gateway__ErrorPath", "error.code");
    }

    private static bool IsSet(this IResourceBuilder<ProjectResource> service, string parameter) =>
        !string.IsNullOrWhiteSpace(service.ApplicationBuilder.Configuration[$"Parameters:{parameter}"]);

    /// <summary>A deployment is asked for every parameter; a provider whose own are left empty is off.</summary>
    private static bool MayUse(this IResourceBuilder<ProjectResource> service, string parameter) =>
        service.ApplicationBuilder.ExecutionContext.IsPublishMode || service.IsSet(parameter);

    private static IResourceBuilder<ProjectResource> WithParameter(this IResourceBuilder<ProjectResource> service, string variable, string parameter, bool secret = false) =>
        service.WithEnvironment(variable, service.ApplicationBuilder.AddParameter(parameter, secret));

    /// <summary>Left out in run mode while it has no value.</summary>
    private static IResourceBuilder<ProjectResource> WithOptionalParameter(this IResourceBuilder<ProjectResource> service, string variable, string parameter, bool secret = false) =>
        service.MayUse(parameter) ? service.WithParameter(variable, parameter, secret) : service;
}
