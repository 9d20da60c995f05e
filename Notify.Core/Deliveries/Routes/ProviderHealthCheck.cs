using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Notify.Core.Deliveries.Routes;

/// <summary>A provider that is not called makes its worker degraded, never unhealthy: to start the worker anew would mend nothing.</summary>
internal sealed class ProviderHealthCheck(IRouteStanding route) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var away = route.Standing.Where(entry => entry.State != ProviderStanding.Closed).Select(entry => $"{entry.Provider} is {entry.State} ({entry.Cause ?? "it said wait"})").ToList();
        return Task.FromResult(away.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded($"{string.Join("; ", away)}."));
    }
}
