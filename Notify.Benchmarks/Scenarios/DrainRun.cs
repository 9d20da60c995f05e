using Notify.Benchmarks.Running;
using Notify.Benchmarks.Seeding;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;

namespace Notify.Benchmarks.Scenarios;

/// <summary>Prepares a backlog of queued deliveries, starts the channel's worker on it, and follows it to the last row.</summary>
/// <param name="context">The run's.</param>
/// <param name="system">Where the backlog is put.</param>
/// <param name="channel">The worker's.</param>
/// <param name="sink">The provider.</param>
/// <param name="warmUp">The part of the backlog that comes first and is not measured: a worker that has just started is compiling.</param>
internal sealed class DrainRun(ScenarioContext context, NotifySystem system, Channel channel, IProviderSink sink, int warmUp = 0)
{
    /// <param name="count">Deliveries.</param>
    /// <param name="probes">Messages sent beside the backlog.</param>
    /// <param name="beside">Runs from the first message on, until its token says that the backlog is gone.</param>
    /// <param name="cancellationToken">The run's own.</param>
    public async Task<DrainResult> RunAsync(
        int count,
        Arrivals? probes,
        Func<CancellationToken, Task>? beside,
        CancellationToken cancellationToken
    )
    {
        await new DeliverySeeder(system, context.Time).SeedAsync(new SeedPlan(channel, count), seen: null, cancellationToken);
        var backlog = sink.Expect(count, probes);
        await using var worker = WorkerProcess.Start(system, channel, sink);
        return await new BacklogWatch(system, [worker], warmUp).FollowAsync(backlog, beside, cancellationToken);
    }
}
