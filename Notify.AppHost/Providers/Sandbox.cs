using Microsoft.Extensions.Configuration;
using Notify.AppHost.Hosting;
using Service = Aspire.Hosting.ApplicationModel.IResourceBuilder<Aspire.Hosting.ApplicationModel.ProjectResource>;

namespace Notify.AppHost.Providers;

/// <summary>
/// The program that plays every provider in run mode until a provider's main parameter has a value (user secrets or configuration,
/// Parameters:&lt;name&gt;).
/// </summary>
internal static class Sandbox
{
    /// <summary>Null in publish mode: a deployment has no sandbox.</summary>
    public static Service? AddSandbox(this IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsPublishMode
            ? null
            : builder
                .AddProject<Projects.Notify_Sandbox>("sandbox")
                .WithHttpEndpoint(name: "http2", env: "Sandbox__Http2Port")
                .WithEndpoint(scheme: "tcp", name: "smtp", env: "Sandbox__SmtpPort")
                .WithHttpHealthCheck("/health", endpointName: "http")
                .WithUrlForEndpoint("http", url => url.DisplayText = "Open what arrived")
                .WithUrlForEndpoint("http2", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
                .ExcludeFromManifest();

    /// <summary>Lets the page lead from a message to its notification and its trace, and show a curl that works.</summary>
    public static void LinkTo(this Service sandbox, Service api, IResourceBuilder<ParameterResource>? apiKey)
    {
        if (apiKey is null)
            return;
        sandbox.WithEnvironment("Sandbox__Notify__Api", api.GetEndpoint("http")).WithEnvironment("Sandbox__Notify__ApiKey", apiKey);
        if (HostAddresses.Dashboard(sandbox.ApplicationBuilder) is { } dashboard)
            sandbox.WithEnvironment("Sandbox__Notify__Dashboard", dashboard);
    }

    /// <summary>Off unless Parameters:self-check is true: a message a minute would stand between those that one looks for.</summary>
    public static Service WithSelfCheck(this Service service, string setting, string recipient) =>
        service.ApplicationBuilder.Configuration.GetValue("Parameters:self-check", false)
            ? service.WithEnvironment($"SelfCheck__{setting}", recipient)
            : service;
}
