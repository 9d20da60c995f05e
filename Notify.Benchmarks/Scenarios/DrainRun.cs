using Notify.Benchmarks.Running;
using Notify.Benchmarks.Seeding;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;

namespace Notify.Benchmarks.Scenarios;

/// <summary>Prepares a backlog of queued deliveries, starts the channel's worker on it, and follows it to the last row.</summary>
internal sealed class DrainRun(ScenarioContext context, NotifySystem system, Channel channel, IProviderSink sink)
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
        var backlog = new Arrivals(count);
        sink.Expect(backlog, probes);
        await using var worker = WorkerProcess.Start(system, channel, sink);
        return await new BacklogWatch(system, [worker]).FollowAsync(backlog, beside, cancellationToken);
    }
}
