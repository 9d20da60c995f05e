using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Notify.Core.Hosting;

namespace Notify.Sending.SelfChecks;

/// <summary>A worker is not ready while its own messages do not get through; healthy where it does not check.</summary>
internal sealed class SelfCheckHealthCheck(SelfCheckMetrics metrics, IOptions<SelfCheckOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var failures = metrics.Failures;
        return Task.FromResult(
            failures < options.Value.FailuresBeforeUnready
                ? HealthCheckResult.Healthy()
                : HealthReason.Of(context.Registration.FailureStatus, $"{failures} self-checks in a row failed; the log says how.")
        );
    }
}
