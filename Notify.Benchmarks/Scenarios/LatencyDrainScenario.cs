using System.Diagnostics;
using Notify.Benchmarks.Load;
using Notify.Benchmarks.Reporting;
using Notify.Benchmarks.Running;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Benchmarks.Scenarios;

/// <summary>
/// Critical mails through the whole system while the same worker drains a bulk backlog, and the same backlog drained alone, in turns: how late the critical
/// ones are, and what they cost the bulk.
/// </summary>
internal static class LatencyDrainScenario
{
    private const int MaxProbes = 100_000;
    private const int WarmUpProbes = 20;
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var count = context.Backlog(DrainScenario.DefaultCount);
        await using var system = await NotifySystem.StartAsync([Services.Api, Services.Router], cancellationToken);
        await using var sink = new SmtpSink();
        for (var round = 1; round <= context.Options.Rounds; round++)
        {
            var run = new DrainRun(context, system, Channel.Email, sink);
            var alone = await run.RunAsync(count, probes: null, beside: null, cancellationToken);
            context.Report.Add(Bulk(context, "bulk alone", round, count, alone));
            var since = context.Time.GetUtcNow();
            var (beside, probes) = await BesideAsync(context, system, run, round, count, cancellationToken);
            context.Report.Add(Bulk(context, "bulk beside critical", round, count, beside));
            context.Report.Add(probes);
            context.Report.Say($"  round {round}: bulk lost {100 * (1 - alone.Seconds / beside.Seconds):0.0} % of its rate");
            if (await LatencyStages.OfAsync(system.Rows, Lane.Critical, since, cancellationToken) is { } stages)
                context.Report.Say($"  round {round}: {stages}");
        }
    }

    private static async Task<(DrainResult Bulk, Measurement Probes)> BesideAsync(
        ScenarioContext context, NotifySystem system, DrainRun run, int round, int count, CancellationToken cancellationToken)
    {
        using var client = new NotifyClient(system.Api, context.Options.Key, context.Time);
        var arrivals = new Arrivals(MaxProbes);
        var posted = new List<long>();
        var bulk = await run.RunAsync(count, arrivals, stop => ProbeAsync(client, posted, arrivals, stop, cancellationToken), cancellationToken);
        var waits = Enumerable.Range(0, posted.Count).Skip(WarmUpProbes).Where(number => arrivals.TimeOf(number) != 0)
            .Select(number => (arrivals.TimeOf(number) - posted[number]) * 1e3 / Stopwatch.Frequency).ToArray();
        var missing = posted.Count - arrivals.Distinct;
        return (bulk, new Measurement
        {
            Scenario = context.Name,
            Subject = "critical beside bulk",
            Round = round,
            Unit = "notifications",
            Count = waits.Length,
            Milliseconds = LatencySummary.Of(waits),
            Faults =
            [
                .. missing == 0 ? Array.Empty<string>() : [$"{missing} of {posted.Count} critical mails did not arrive"],
                .. arrivals.Duplicates == 0 ? Array.Empty<string>() : [$"{arrivals.Duplicates} critical mails arrived twice"],
                .. waits.Length > 0 ? Array.Empty<string>() : ["the backlog was gone before the warm-up was over: use a larger --count"],
            ],
        });
    }

    private static async Task ProbeAsync(NotifyClient client, List<long> posted, Arrivals arrivals, CancellationToken drained, CancellationToken cancellationToken)
    {
        while (!drained.IsCancellationRequested && posted.Count < MaxProbes)
        {
            posted.Add(Stopwatch.GetTimestamp());
            await client.PostAsync(Lane.Critical, Channel.Email, NumberedAddress.Of(Channel.Email, posted.Count - 1, probe: true), cancellationToken);
            await Task.Delay(Gap, cancellationToken);
        }
        // The last ones are on their way; one that is lost is reported, not waited for.
        for (var started = Stopwatch.GetTimestamp(); arrivals.Distinct < posted.Count && Stopwatch.GetElapsedTime(started) < Late;)
            await Task.Delay(Gap, cancellationToken);
    }

    private static Measurement Bulk(ScenarioContext context, string subject, int round, int count, DrainResult result) => new()
    {
        Scenario = context.Name,
        Subject = subject,
        Round = round,
        Unit = "deliveries",
        Count = count,
        Seconds = result.Seconds,
        Cpu = result.Cpu,
        Faults = result.Faults,
    };
}
