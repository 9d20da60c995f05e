using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.AppHost.Running;

namespace Notify.Tests.Distributed.AppHost.Running;

public sealed class ServiceHealthTests
{
    [Theory]
    [InlineData("""{"status":"Healthy","checks":{"self":{"status":"Healthy"}}}""", HealthStatus.Healthy, "")]
    [InlineData(
        """{"status":"Degraded","checks":{"self":{"status":"Healthy"},"redis":{"status":"Degraded"}}}""",
        HealthStatus.Degraded,
        "redis: Degraded"
    )]
    [InlineData(
        """{"status":"Unhealthy","checks":{"kafka":{"status":"Unhealthy"},"redis":{"status":"Degraded"}}}""",
        HealthStatus.Unhealthy,
        "kafka: Unhealthy; redis: Degraded"
    )]
    [InlineData(
        """{"status":"Degraded","checks":{"providers":{"status":"Degraded","reason":"fcm is open (503)."}}}""",
        HealthStatus.Degraded,
        "providers: Degraded, fcm is open (503)."
    )]
    [InlineData("<html>", HealthStatus.Unhealthy, "Its answer is no health report.")]
    [InlineData("{}", HealthStatus.Unhealthy, "Its answer is no health report.")]
    public void Reasons_are_the_checks_that_are_not_well(string report, HealthStatus status, string description)
    {
        var result = ServiceHealth.Read(report);

        Assert.Equal((status, description), (result.Status, result.Description));
    }
}
