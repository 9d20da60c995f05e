using System.Diagnostics;
using System.Globalization;
using Notify.Benchmarks.Reporting;
using Notify.Benchmarks.Running;
using Notify.Benchmarks.Scenarios.Layouts;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Notifications;
using Npgsql;

namespace Notify.Benchmarks.Scenarios;

/// <summary>
/// What a delivery costs Postgres: written by 500, claimed by 50 and settled by 50, on one connection, in the layout of before and in that
/// of now, round by round in turns.
/// </summary>
internal static class LayoutsScenario
{
    private const int DefaultCount = 50_000;
    private const int Inserted = 500;
    private const int Claimed = 50;
    private const string Tenant = "benchmark";

    public static async Task RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        await using var system = await NotifySystem.StartAsync([], context.Options.Settings, cancellationToken);
        context.Report.Note("postgres", await DatabaseConditions.ReadAsync(system.Rows, cancellationToken));
        for (var round = 1; round <= context.Options.Rounds; round++)
        {
            foreach (var layout in new IRowLayout[] { new FormerLayout(), new CurrentLayout(days: 1) })
                await MeasureAsync(context, system, layout, round, cancellationToken);
        }
        for (var round = 1; round <= context.Options.Rounds; round++) // at last: days that are there stay
            await MeasureAsync(context, system, new CurrentLayout(days: 90), round, cancellationToken);
    }

    private static async Task MeasureAsync(
        ScenarioContext context,
        NotifySystem system,
        IRowLayout layout,
        int round,
        CancellationToken cancellationToken
    )
    {
        var count = context.Options.Count ?? DefaultCount;
        var now = context.Time.GetUtcNow();
        await layout.PrepareAsync(system.Rows, now, cancellationToken);
        var rows = Enumerable.Range(0, count).Select(number => RowOf(number, now)).ToList();
        await CheckpointAsync(system.Rows, cancellationToken); // so that neither pays for the other's pages
        await PhaseAsync("insert", rows.Chunk(Inserted), part => layout.InsertAsync(system.Rows, part, cancellationToken));
        await PhaseAsync("claim", rows.Select(row => row.Key).Chunk(Claimed), part =>
            layout.ClaimAsync(system.Rows, part, cancellationToken)
        );
        await PhaseAsync("settle", rows.Select(row => Sent(row, now)).Chunk(Claimed), part =>
            layout.SettleAsync(system.Rows, part, cancellationToken)
        );

        async Task PhaseAsync<T>(string phase, IEnumerable<T[]> parts, Func<T[], Task> work)
        {
            var begunAt = await DatabaseLog.BytesAsync(system.Rows, cancellationToken);
            var costs = new ProcessCosts(system.ProcessesOf());
            var (cpu, started) = (costs.Take(), Stopwatch.GetTimestamp());
            foreach (var part in parts)
                await work(part);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var used = costs.Since(cpu, count);
            var bytes = (await DatabaseLog.BytesAsync(system.Rows, cancellationToken) - begunAt) / (double)count;
            context.Report.Add(
                new()
                {
                    Scenario = context.Name,
                    Subject = $"{layout.Name}: {phase}",
                    Round = round,
                    Unit = "deliveries",
                    Count = count,
                    Seconds = seconds,
                    Cpu = used,
                    Figures = new Dictionary<string, double> { [Measurement.LogBytes] = bytes },
                    Faults =
                        phase == "settle" && await layout.SentAsync(system.Rows, cancellationToken) is var sent && sent != count
                            ? [$"{sent:N0} of {count:N0} are sent"]
                            : [],
                }
            );
        }
    }

    private static NewRow RowOf(int number, DateTimeOffset now)
    {
        var notification = UuidV7.New(now.AddMilliseconds(number / 20));
        return new(
            new(Tenant, UuidV7.New(now.AddMilliseconds(number / 20))),
            notification,
            Channel.Email,
            Lane.Standard,
            string.Create(CultureInfo.InvariantCulture, $"user-{number % 5000}"),
            string.Create(CultureInfo.InvariantCulture, $"user-{number}@example.test"),
            null,
            DeliveryState.Queued,
            null,
            AtMostOnce: false,
            now.AddDays(3)
        );
    }

    private static SettledAttempt Sent(NewRow row, DateTimeOffset at) =>
        new(
            row.Key,
            new Claim(row.Key.Id, Fence: 1, Attempt: 1, AtMostOnce: false),
            new Transition(DeliveryState.Sent),
            new AttemptRecord(at, "smtp", OutcomeKind.Sent.ToName(), 3),
            ProviderMessageId: "queued-as-0123456789"
        );

    private static async Task CheckpointAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("CHECKPOINT");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
