using System.Diagnostics;
using Notify.Benchmarks.Reporting;
using Notify.Benchmarks.Running;
using Notify.Benchmarks.Seeding;
using Notify.Core.Channels;

namespace Notify.Benchmarks.Scenarios;

/// <summary>
/// What the Router alone costs for a notification of one recipient: from its record to the committed rows and the confirmed record of its
/// delivery. No worker runs, so the lane's window is opened wide, or most of the deliveries would wait for their tenant's share.
/// </summary>
internal static class RouteScenario
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);
    private const int People = 10_000;
    private const int Preferences = 20;

    private static readonly Dictionary<string, string> s_settings = new()
    {
        ["Router__LaneWindow"] = "1000000",
        ["Router__ShareInterval"] = "00:00:10", // what stands in the lane is counted row by row, and nobody takes any of it
    };

    public static async Task RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var count = context.Backlog(DrainScenario.WarmCount);
        await using var system = await NotifySystem.StartAsync([], context.Options.Settings, cancellationToken);
        context.Report.Note("postgres", await DatabaseConditions.ReadAsync(system.Rows, cancellationToken));
        for (var round = 1; round <= context.Options.Rounds; round++)
            context.Report.Add(
                await MeasureAsync(context, system, round, new(Channel.Email, count), DrainScenario.Ours, cancellationToken)
            );
    }

    /// <summary>The same for registered recipients, in turns: who have said nothing, and who have twenty preferences each.</summary>
    public static async Task RunConsentAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var count = context.Backlog(DrainScenario.WarmCount);
        await using var system = await NotifySystem.StartAsync([], context.Options.Settings, cancellationToken);
        context.Report.Note("postgres", await DatabaseConditions.ReadAsync(system.Rows, cancellationToken));
        for (var round = 1; round <= context.Options.Rounds; round++)
        {
            context.Report.Add(
                await MeasureAsync(context, system, round, new(Channel.Email, count), "addresses in the request", cancellationToken)
            );
            foreach (var preferences in new[] { 0, Preferences })
            {
                var group = $"round-{round}-{preferences}";
                await PeopleSeeder.SeedAsync(system, group, People, preferences, cancellationToken);
                var plan = new SeedPlan(Channel.Email, count, People: People, Group: group);
                var subject = $"registered, {preferences} preferences";
                context.Report.Add(await MeasureAsync(context, system, round, plan, subject, cancellationToken));
            }
        }
    }

    private static async Task<Measurement> MeasureAsync(
        ScenarioContext context,
        NotifySystem system,
        int round,
        SeedPlan plan,
        string subject,
        CancellationToken cancellationToken
    )
    {
        var count = plan.Count;
        await new IntakeSeeder(system, context.Time).SeedAsync(plan, cancellationToken);
        await using var router = ServiceProcess.Start(system, Services.Router, s_settings);
        var processes = system.ProcessesOf();
        processes[Services.Router] = router.Id;
        var costs = new ProcessCosts(processes);
        var before = await RoutedAsync(DrainScenario.WarmUpOf(count));
        var (started, cpu) = (Stopwatch.GetTimestamp(), costs.Take());
        var log = await DatabaseLog.BytesAsync(system.Rows, cancellationToken);
        var after = await RoutedAsync(count);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var routed = after.Routed - before.Routed;
        return new()
        {
            Scenario = context.Name,
            Subject = subject,
            Round = round,
            Unit = "notifications",
            Count = routed,
            Seconds = seconds,
            Cpu = costs.Since(cpu, routed),
            Allocated = new Dictionary<string, double>
            {
                [Services.Router] = (after.AllocatedBytes - before.AllocatedBytes) / (double)routed,
            },
            Figures = new Dictionary<string, double>
            {
                [Measurement.Compiling] = after.CompilingSince(before, routed),
                [Measurement.LogBytes] = (await DatabaseLog.BytesAsync(system.Rows, cancellationToken) - log) / (double)routed,
            },
            Faults = [.. await FaultsAsync(system, count, cancellationToken)],
        };

        async Task<ServiceCounters> RoutedAsync(int wanted)
        {
            var counters = default(ServiceCounters);
            await Waiting.UntilAsync(
                async () =>
                {
                    router.ThrowIfEnded();
                    counters = await router.CountersAsync(cancellationToken);
                    return counters.Routed >= wanted;
                },
                Poll,
                Limit,
                $"{wanted:N0} notifications to be routed",
                cancellationToken
            );
            return counters;
        }
    }

    private static async Task<IEnumerable<string>> FaultsAsync(NotifySystem system, int count, CancellationToken cancellationToken)
    {
        var states = await SeedTables.StatesAsync(system.Rows, cancellationToken);
        return states.Count == 1 && states.GetValueOrDefault("queued") == count
            ? []
            : [$"of {count:N0} rows: {string.Join(", ", states.Select(state => $"{state.Value:N0} {state.Key}"))}"];
    }
}
