using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.Core.Hosting;

namespace Notify.Core.Messaging;

/// <summary>A service is ready when each of its lanes has joined its group; before that its messages would only wait.</summary>
internal sealed class LaneHealthCheck(IEnumerable<LaneRegistration> lanes) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var waiting = lanes.Where(lane => !lane.Consumer.HasJoined).Select(lane => lane.Consumer.Topic).ToList();
        return Task.FromResult(
            waiting.Count == 0
                ? HealthCheckResult.Healthy()
                : HealthReason.Of(context.Registration.FailureStatus, $"Not yet in the consumer group of {string.Join(", ", waiting)}.")
        );
    }
}
