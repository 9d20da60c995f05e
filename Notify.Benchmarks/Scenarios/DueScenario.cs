using System.Diagnostics;
using Notify.Benchmarks.Reporting;
using Notify.Benchmarks.Running;
using Notify.Benchmarks.Seeding;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;
using Notify.Core.Deliveries;

namespace Notify.Benchmarks.Scenarios;

/// <summary>
/// Many rows wait; some of them come due, spread evenly over a few seconds. How late does each reach the provider, through pump, Kafka,
/// worker and mail connection? The rest must still be waiting afterwards.
/// </summary>
internal static class DueScenario
{
    private const int DefaultCount = 100_000;
    private const int DueASecond = 100;
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var count = context.Options.Count ?? DefaultCount;
        var due = Math.Min(count, context.Options.Seconds * DueASecond);
        await using var system = await NotifySystem.StartAsync([Services.Router], context.Options.Settings, cancellationToken);
        await using var sink = new SmtpSink();
        for (var round = 1; round <= context.Options.Rounds; round++)
            context.Report.Add(await MeasureAsync(context, system, sink, round, count, due, cancellationToken));
    }

    private static async Task<Measurement> MeasureAsync(
        ScenarioContext context,
        NotifySystem system,
        SmtpSink sink,
        int round,
        int count,
        int due,
        CancellationToken cancellationToken
    )
    {
        var chosen = new List<SeededDelivery>(due);
        var later = context.Time.GetUtcNow().AddHours(12);
        await new DeliverySeeder(system, context.Time).SeedAsync(
            new SeedPlan(Channel.Email, count, DeliveryState.Waiting, number => later.AddMilliseconds(number)),
            delivery => Choose(chosen, delivery, due),
            cancellationToken
        );
        var arrivals = sink.Expect(due);
        await using var worker = WorkerProcess.Start(system, Channel.Email, sink);
        var processes = system.ProcessesOf(Services.Router);
        processes["email"] = worker.Id;
        await worker.HealthyAsync(cancellationToken); // one that has not joined its groups would make the first rows late

        var (clock, start) = (Stopwatch.GetTimestamp(), context.Time.GetUtcNow());
        DateTimeOffset DueAt(int number) => start + Lead + TimeSpan.FromSeconds((double)number / DueASecond);
        await ScheduleAsync(system, chosen, DueAt, cancellationToken);
        var costs = new ProcessCosts(processes);
        var before = costs.Take();
        var limit = Lead + TimeSpan.FromSeconds((double)due / DueASecond) + Late;
        for (var begun = Stopwatch.GetTimestamp(); arrivals.Distinct < due && Stopwatch.GetElapsedTime(begun) < limit; )
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        var cpu = costs.Since(before, due);
        await Waiting.UntilAsync(
            async () => (await SeedTables.StatesAsync(system.Rows, cancellationToken)).GetValueOrDefault("sent") == due,
            TimeSpan.FromMilliseconds(100),
            Late,
            "every outcome to be written",
            cancellationToken
        );
        var lateness = Enumerable
            .Range(0, due)
            .Where(number => arrivals.TimeOf(number) != 0)
            .Select(number =>
                (
                    start + TimeSpan.FromSeconds((arrivals.TimeOf(number) - clock) / (double)Stopwatch.Frequency) - DueAt(number)
                ).TotalMilliseconds
            )
            .ToArray();
        return new()
        {
            Scenario = context.Name,
            Subject = $"lateness, {count:N0} waiting, {DueASecond} a second due",
            Round = round,
            Unit = "deliveries",
            Count = due,
            Milliseconds = LatencySummary.Of(lateness),
            Cpu = cpu,
            Faults =
            [
                .. arrivals.Faults(),
                .. lateness.Any(late => late < 0) ? ["a delivery was sent before it was due"] : Array.Empty<string>(),
            ],
        };
    }

    private static void Choose(List<SeededDelivery> chosen, SeededDelivery delivery, int due)
    {
        if (chosen.Count < due)
            chosen.Add(delivery);
    }

    /// <summary>Only now are the due times known: seeding takes as long as it takes.</summary>
    private static async Task ScheduleAsync(
        NotifySystem system,
        List<SeededDelivery> chosen,
        Func<int, DateTimeOffset> dueAt,
        CancellationToken cancellationToken
    )
    {
        await using var command = system.Rows.CreateCommand(
            """
            UPDATE deliveries d SET due_at = s.due_at FROM unnest($1, $2) AS s(delivery_id, due_at)
             WHERE d.delivery_id = s.delivery_id AND d.tenant_id = $3
            """
        );
        command.Parameters.Add(new() { Value = chosen.Select(delivery => delivery.Id).ToArray() });
        command.Parameters.Add(new() { Value = chosen.Select((_, number) => dueAt(number)).ToArray() });
        command.Parameters.Add(new() { Value = SeedPlan.Tenant });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
