using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Notify.Core.Hosting;

namespace Notify.Core.Messaging;

/// <summary>Runs the lanes of a service; when one fails the service ends, so that its host can start it anew.</summary>
internal sealed class LaneHost(IEnumerable<LaneRegistration> lanes) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var running = lanes.Select(lane => lane.Consumer).ToList();
        foreach (var lane in running)
            lane.Start(stop.Token);
        await Task.WhenAny(running.Select(lane => lane.Completion));
        await stop.CancelAsync();
        if (!stoppingToken.IsCancellationRequested)
            Environment.ExitCode = 1; // the process ends in order, and its host must see that it should not have
        await Task.WhenAll(running.Select(lane => lane.Completion));
    }
}

/// <summary>One lane of this service.</summary>
internal sealed record LaneRegistration(LaneConsumer Consumer);

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
