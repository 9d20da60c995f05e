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

    public static IResourceBuilder<ProjectResource> WithEmailProvider(this IResourceBuilder<ProjectResource> email, IResourceBuilder<ProjectResource>? sandbox)
    {
        if (sandbox is null || email.IsSet("smtp-host"))
        {
            return email.WithParameter("Email__From", "email-from").WithParameter("Email__Smtp__Host", "smtp-host")
                .WithOptionalParameter("Email__Smtp__Port", "smtp-port").WithOptionalParameter("Email__Smtp__UserName", "smtp-username")
                .WithOptionalParameter("Email__Smtp__Password", "smtp-password", secret: true).WithOptionalParameter("Email__Smtp__Security", "smtp-security");
        }
        var smtp = sandbox.GetEndpoint("smtp");
        return email.WithEnvironment("Email__From", "notify@example.test")
            .WithEnvironment("Email__Smtp__Host", smtp.Property(EndpointProperty.Host)).WithEnvironment("Email__Smtp__Port", smtp.Property(EndpointProperty.Port))
            .WithEnvironment("Email__Smtp__Security", "None");
    }

    public static IResourceBuilder<ProjectResource> WithSmsProvider(this IResourceBuilder<ProjectResource> sms, IResourceBuilder<ProjectResource>? sandbox)
    {
        if (sandbox is null || sms.IsSet("twilio-account-sid"))
        {
            return sms.WithParameter("Sms__Twilio__AccountSid", "twilio-account-sid").WithParameter("Sms__Twilio__AuthToken", "twilio-auth-token", secret: true)
                .WithParameter("Sms__Twilio__From", "twilio-from");
        }
        return sms.WithEnvironment("Sms__Twilio__AccountSid", "AC00000000000000000000000000000000").WithEnvironment("Sms__Twilio__AuthToken", "sandbox-token")
            .WithEnvironment("Sms__Twilio__From", "+15005550006").WithEnvironment("Sms__Twilio__Endpoint", sandbox.GetEndpoint("http"));
    }

    private static bool IsSet(this IResourceBuilder<ProjectResource> service, string parameter) =>
        !string.IsNullOrWhiteSpace(service.ApplicationBuilder.Configuration[$"Parameters:{parameter}"]);

    private static IResourceBuilder<ProjectResource> WithParameter(this IResourceBuilder<ProjectResource> service, string variable, string parameter, bool secret = false) =>
        service.WithEnvironment(variable, service.ApplicationBuilder.AddParameter(parameter, secret));

    /// <summary>Left out in run mode while it has no value.</summary>
    private static IResourceBuilder<ProjectResource> WithOptionalParameter(this IResourceBuilder<ProjectResource> service, string variable, string parameter, bool secret = false) =>
        service.ApplicationBuilder.ExecutionContext.IsPublishMode || service.IsSet(parameter) ? service.WithParameter(variable, parameter, secret) : service;
}
