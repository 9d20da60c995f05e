using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Notify.Tests.StandIns.Servers;

internal static class EndpointAllocation
{
    /// <summary>Gives the resource's endpoint an address, as the host does when it starts.</summary>
    public static void Allocate(this IResource resource, int port)
    {
        var endpoint = resource.Annotations.OfType<EndpointAnnotation>().Single(candidate => candidate.Name == "tcp");
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", port);
    }

    /// <summary>The health check that the resource registered with the application.</summary>
    public static async Task<bool> IsHealthyAsync(this IServiceProvider services, string key, CancellationToken cancellationToken)
    {
        var health = services.GetRequiredService<HealthCheckService>();
        var report = await health.CheckHealthAsync(check => check.Name == key, cancellationToken);
        return Assert.Single(report.Entries).Value.Status == HealthStatus.Healthy;
    }
}
