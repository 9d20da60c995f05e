using Service = Aspire.Hosting.ApplicationModel.IResourceBuilder<Aspire.Hosting.ApplicationModel.ProjectResource>;

namespace Notify.AppHost.Providers;

/// <summary>
/// FCM and APNs, each played by the sandbox while its own parameters are not set. Rates hold for the sandbox too; its address is its own.
/// </summary>
internal static class PushProviders
{
    private const string SandboxProject = "notify-sandbox";

    public static Service WithPushProviders(this Service push, Service? sandbox) =>
        push.WithFcm(sandbox)
            .WithTuning("Push__Fcm__MessagesPerMinute", "fcm-per-minute", "600000")
            .WithApns(sandbox)
            .WithTuning("Push__Apns__MessagesPerSecond", "apns-per-second", "");

    private static Service WithFcm(this Service push, Service? sandbox) =>
        sandbox is null || push.IsSet("fcm-project-id")
            ? push.WithParameter("Push__Fcm__ProjectId", "fcm-project-id")
                .WithParameter("Push__Fcm__Credentials", "fcm-credentials", secret: true)
                .WithTuning("Push__Fcm__Endpoint", "fcm-endpoint", "https://fcm.googleapis.com")
            : push.WithEnvironment("Push__Fcm__ProjectId", SandboxProject)
                .WithEnvironment("Push__Fcm__Credentials", SandboxKeys.ServiceAccount(SandboxProject, sandbox.GetEndpoint("http")))
                .WithEnvironment("Push__Fcm__Endpoint", sandbox.GetEndpoint("http2"))
                .WithSelfCheck("PushToken", "self-check");

    // Apple has two addresses, and a device's environment says which: so there are two parameters, not one.
    private static Service WithApns(this Service push, Service? sandbox) =>
        sandbox is null || push.IsSet("apns-team-id")
            ? push.WithParameter("Push__Apns__TeamId", "apns-team-id")
                .WithParameter("Push__Apns__KeyId", "apns-key-id")
                .WithParameter("Push__Apns__PrivateKey", "apns-private-key", secret: true)
                .WithParameter("Push__Apns__Topic", "apns-topic")
                .WithTuning("Push__Apns__ProductionEndpoint", "apns-production-endpoint", "https://api.push.apple.com")
                .WithTuning("Push__Apns__SandboxEndpoint", "apns-sandbox-endpoint", "https://api.sandbox.push.apple.com")
            : push.WithEnvironment("Push__Apns__TeamId", "SANDBOXTEA")
                .WithEnvironment("Push__Apns__KeyId", "SANDBOXKEY")
                .WithEnvironment("Push__Apns__PrivateKey", SandboxKeys.SigningKey())
                .WithEnvironment("Push__Apns__Topic", "com.example.app")
                .WithEnvironment("Push__Apns__ProductionEndpoint", sandbox.GetEndpoint("http2"))
                .WithEnvironment("Push__Apns__SandboxEndpoint", sandbox.GetEndpoint("http2"));
}
