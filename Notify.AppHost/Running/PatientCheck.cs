using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Notify.AppHost.Running;

/// <summary>
/// Asks again for a moment before it says that a resource is unhealthy. Aspire pauses for 1, 2, … 5 s after each such answer, so everything
/// that waits for the resource would start seconds after the resource is up.
/// </summary>
internal sealed class PatientCheck(IHealthCheck check, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var result = await check.CheckHealthAsync(context, cancellationToken);
            if (result.Status != HealthStatus.Unhealthy || time.GetElapsedTime(began) >= s_patience)
                return result;
            await Task.Delay(s_pause, time, cancellationToken);
        }
    }
}
