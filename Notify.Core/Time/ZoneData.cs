using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.Core.Hosting;

namespace Notify.Core.Time;

/// <summary>Tells in <c>/health</c> by which zone data quiet hours are counted: it comes with NodaTime, and not from the machine.</summary>
public sealed class ZoneData : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(HealthReason.Of(HealthStatus.Healthy, $"Time zones are those of tz database {Zones.DataVersion}."));
}
