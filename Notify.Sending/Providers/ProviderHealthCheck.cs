using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.Core.Deliveries;
using Notify.Core.Hosting;
using Notify.Core.Providers;

namespace Notify.Sending.Providers;

/// <summary>A provider that is not called makes its worker degraded, never unhealthy: to start the worker anew would mend nothing.</summary>
internal sealed class ProviderHealthCheck(IRouteStanding route) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var away = route.Standing.Where(entry => entry.State != ProviderStanding.Closed)
            .Select(entry => $"{entry.Provider} is {entry.State} ({CauseOf(entry)})").ToList();
        return Task.FromResult(away.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthReason.Of(HealthStatus.Degraded, $"{string.Join("; ", away)}."));
    }

    // A scope may be a recipient's domain or a sender, which are not for everybody.
    private static string CauseOf(ProviderStanding entry) => entry.State == ProviderStanding.Partial
        ? "GET /v1/providers says for what it is not called"
        : entry.Cause ?? "it said wait";
}
