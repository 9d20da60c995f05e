using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.Core.Hosting;
using Notify.Core.Providers;

namespace Notify.Sending.Providers;

/// <summary>A provider that is not called makes its worker degraded, never unhealthy: to start the worker anew would mend
/// nothing.</summary>
internal sealed class ProviderHealthCheck(IProviderStandings providers) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var away = providers.Standing.Where(entry => entry.State != ProviderStanding.Closed || entry.IsSilent).Select(Tell).ToList();
        return Task.FromResult(
            away.Count == 0 ? HealthCheckResult.Healthy() : HealthReason.Of(HealthStatus.Degraded, $"{string.Join("; ", away)}.")
        );
    }

    /// <summary>
    /// What is wrong with it, and when it is called again: nobody should have to guess how long after its healing that is.
    /// </summary>
    private static string Tell(ProviderStanding entry) =>
        entry switch
        {
            { State: ProviderStanding.Closed } => $"{entry.Provider} does not answer (calls are overdue by its usual latency); "
                + $"it is tried every {Silence.TryEvery.TotalSeconds:0} s",
            { State: ProviderStanding.HalfOpen } => $"{StateOf(entry)}; the next message tries it",
            { Until: { } until } => string.Create(
                CultureInfo.InvariantCulture,
                $"{StateOf(entry)}; it is tried again at {until.UtcDateTime:u}"
            ),
            _ => StateOf(entry),
        };

    private static string StateOf(ProviderStanding entry) => $"{entry.Provider} is {entry.State} ({CauseOf(entry)})";

    // A scope may be a recipient's domain or a sender, which are not for everybody.
    private static string CauseOf(ProviderStanding entry) =>
        entry.State == ProviderStanding.Partial ? "GET /v1/providers says for what it is not called" : entry.Cause ?? "it said wait";
}
