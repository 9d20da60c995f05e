using Notify.Benchmarks.Running;
using Notify.Benchmarks.Seeding;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;

namespace Notify.Benchmarks.Scenarios;

/// <summary>
/// Prepares a backlog of accepted notifications of one tenant, each of one delivery, and follows it through Router, shares, pump and worker
/// to the last row. The worker is there first, so that the clock does not start with one that is still joining.
/// </summary>
internal sealed class RoutedDrainRun(ScenarioContext context, NotifySystem system, Channel channel, IProviderSink sink)
{
    /// <summary>What the drain and the routing came to, and how many deliveries had to wait until the pump released them.</summary>
    public async Task<(DrainResult Drain, RoutingFigures Routing, long Released)> RunAsync(int count, CancellationToken cancellationToken)
    {
        await new IntakeSeeder(system, context.Time).SeedAsync(new SeedPlan(channel, count), cancellationToken);
        var backlog = sink.Expect(count);
        await using var worker = WorkerProcess.Start(system, channel, sink);
        await worker.HealthyAsync(cancellationToken);
        await using var router = ServiceProcess.Start(system, Services.Router, new Dictionary<string, string>());
        var drain = await new BacklogWatch(system, [router, worker]).FollowAsync(backlog, beside: null, cancellationToken);
        return (
            drain,
            await RoutingFigures.ReadAsync(system.Rows, cancellationToken),
            (await router.CountersAsync(cancellationToken)).Released
        );
    }
}
