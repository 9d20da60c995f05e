using Microsoft.Extensions.Configuration;

namespace Notify.AppHost;

internal static class Infrastructure
{
    /// <summary>What the configured connection string leads to, or nothing where none is configured.</summary>
    public static IResourceBuilder<IResourceWithConnectionString>? Configured(this IDistributedApplicationBuilder builder, string name) =>
        string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(name)) ? null : builder.AddConnectionString(name);

    /// <summary>Parameters:&lt;name&gt;-replicas says how many processes of a service run; one where it is not set.</summary>
    public static IResourceBuilder<ProjectResource> WithConfiguredReplicas(this IResourceBuilder<ProjectResource> service) =>
        service.WithReplicas(service.ApplicationBuilder.Configuration.GetValue($"Parameters:{service.Resource.Name}-replicas", 1));
}
