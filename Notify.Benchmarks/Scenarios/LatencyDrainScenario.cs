using System.Globalization;
using Notify.Benchmarks.Load;
using Notify.Benchmarks.Running;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Benchmarks.Scenarios;

/// <summary>
/// Critical mails through the whole system while the same worker drains a bulk backlog; then mails of the standard lane beside another such
/// backlog; and the same backlog drained alone, in turns: how late those mails are, and what they cost the bulk.
/// </summary>
internal static class LatencyDrainScenario
{
    public const string BulkAlone = "bulk alone";
    private const int WarmUp = 5_000;
    private static readonly Lane[] s_lanes = [Lane.Critical, Lane.Standard];

    public static async Task RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var count = context.Backlog(DrainScenario.DefaultCount);
        await using var system = await NotifySystem.StartAsync(
            [Services.Api, Services.Router],
            context.Options.Settings,
            cancellationToken
        );
        await using var sink = new SmtpSink();
        using var client = new NotifyClient(system.Api, context.Options.Key, context.Time);
        var run = new DrainRun(context, system, Channel.Email, sink);
        // Whoever is measured first must not pay for a broker, an Api and a Router that have only just started.
        foreach (var lane in s_lanes)
            await BesideAsync(run, new LaneProbes(client, lane), Math.Min(count, WarmUp), cancellationToken);
        for (var round = 1; round <= context.Options.Rounds; round++)
        {
            var alone = await run.RunAsync(count, probes: null, beside: null, cancellationToken);
            context.Report.Add(alone.ToMeasurement(context.Name, BulkAlone, round));
            foreach (var lane in round % 2 == 1 ? s_lanes : s_lanes.Reverse())
            {
                var probes = new LaneProbes(client, lane);
                var beside = await BesideAsync(run, probes, count, cancellationToken);
                context.Report.Add(beside.ToMeasurement(context.Name, BulkBeside(lane), round));
                context.Report.Add(probes.ToMeasurement(context.Name, Beside(lane), round));
                context.Report.Say(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"  round {round}: beside {lane.ToName()} the bulk lost {100 * (1 - alone.Seconds / beside.Seconds):0.0} % of its rate"
                    )
                );
                if (await LatencyStages.OfAsync(system.Rows, lane, probes.Measured, cancellationToken) is { } stages)
                    context.Report.Say($"  round {round}: {stages}");
            }
        }
    }

    public static string Beside(Lane lane) => $"{lane.ToName()} beside bulk";

    public static string BulkBeside(Lane lane) => $"bulk beside {lane.ToName()}";

    private static Task<DrainResult> BesideAsync(DrainRun run, LaneProbes probes, int count, CancellationToken cancellationToken) =>
        run.RunAsync(count, probes.Arrivals, drained => probes.RunAsync(drained, cancellationToken), cancellationToken);
}
