using System.Diagnostics;
using Notify.Benchmarks.Reporting;
using Notify.Benchmarks.Running;
using Notify.Benchmarks.Seeding;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Sending;

namespace Notify.Benchmarks.Scenarios;

/// <summary>
/// Outcomes into Postgres: the product's statement, 500 outcomes each from 4 writers, against one UPDATE of the same rows and one INSERT
/// into a plain table for each message, 32 at a time. Same server, same turns; everything is committed.
/// </summary>
internal static class RowsScenario
{
    private const int DefaultCount = 100_000;
    private const int MaxSingle = 20_000;
    private const int Batch = 500;
    private const int Writers = 4;
    private const int InFlight = 32;

    public static async Task RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var count = context.Options.Count ?? DefaultCount;
        var single = Math.Min(count, MaxSingle);
        await using var system = await NotifySystem.StartAsync([], context.Options.Settings, cancellationToken);
        context.Report.Note("postgres", await DatabaseConditions.ReadAsync(system.Rows, cancellationToken));
        var bench = new RowsBench(context, system);
        for (var round = 1; round <= context.Options.Rounds; round++)
        {
            var store = new DeliveryStore(system.Rows);
            await bench.MeasureAsync(
                "SettleAsync, 500 each, 4 writers",
                round,
                count,
                Writers,
                Batch,
                rows => store.SettleAsync([.. rows.Select(Sent)], cancellationToken),
                settles: true,
                cancellationToken
            );
            await bench.MeasureAsync(
                "one UPDATE a message, 32 in flight",
                round,
                single,
                InFlight,
                1,
                rows => bench.UpdateAsync(rows[0], cancellationToken),
                settles: true,
                cancellationToken
            );
            await bench.MeasureAsync(
                "one INSERT a message, 32 in flight",
                round,
                single,
                InFlight,
                1,
                rows => bench.InsertAsync(rows[0], cancellationToken),
                settles: false,
                cancellationToken
            );
        }

        SettledAttempt Sent(SeededDelivery delivery) =>
            new(
                delivery.Key,
                new Claim(delivery.Id, Fence: 1, Attempt: 1, AtMostOnce: false),
                new Transition(DeliveryState.Sent),
                new AttemptRecord(context.Time.GetUtcNow(), "smtp", OutcomeKind.Sent.ToName(), 3),
                ProviderMessageId: "queued-as-0123456789"
            );
    }

    /// <summary>The rows, and the ways of those who do not batch.</summary>
    private sealed class RowsBench(ScenarioContext context, NotifySystem system)
    {
        private readonly DeliverySeeder _seeder = new(system, context.Time);

        public async Task MeasureAsync(
            string subject,
            int round,
            int count,
            int writers,
            int batch,
            Func<IReadOnlyList<SeededDelivery>, Task> write,
            bool settles,
            CancellationToken cancellationToken
        )
        {
            var deliveries = new List<SeededDelivery>(count);
            await _seeder.SeedAsync(
                new SeedPlan(Channel.Email, count, DeliveryState.Sending, _ => context.Time.GetUtcNow().AddHours(1)),
                deliveries.Add,
                cancellationToken
            );
            await ExecuteAsync(
                "CREATE TABLE IF NOT EXISTS benchmark_outcomes (delivery_id uuid PRIMARY KEY, state text NOT NULL, provider text, message_id text, at timestamptz NOT NULL); TRUNCATE benchmark_outcomes",
                cancellationToken
            );
            var chunks = new Queue<IReadOnlyList<SeededDelivery>>(deliveries.Chunk(batch));
            var costs = new ProcessCosts(system.ProcessesOf());
            var (cpu, allocated, started) = (costs.Take(), GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
            var waits = new List<double>(chunks.Count);
            await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(WriteAsync, cancellationToken)));
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            allocated = GC.GetTotalAllocatedBytes() - allocated;
            context.Report.Add(
                new()
                {
                    Scenario = context.Name,
                    Subject = subject,
                    Round = round,
                    Unit = "outcomes",
                    Count = count,
                    Seconds = seconds,
                    Milliseconds = LatencySummary.Of([.. waits]),
                    Cpu = costs.Since(cpu, count),
                    Allocated = new Dictionary<string, double> { [ProcessCosts.Own] = (double)allocated / count },
                    Faults = await FaultsAsync(count, settles, cancellationToken),
                }
            );

            async Task WriteAsync()
            {
                while (true)
                {
                    IReadOnlyList<SeededDelivery>? rows;
                    lock (chunks)
                    {
                        if (!chunks.TryDequeue(out rows))
                            return;
                    }
                    var begun = Stopwatch.GetTimestamp();
                    await write(rows);
                    lock (waits)
                        waits.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                }
            }
        }

        public async Task UpdateAsync(SeededDelivery delivery, CancellationToken cancellationToken)
        {
            await using var command = system.Rows.CreateCommand(
                """
                UPDATE deliveries SET state = 'sent', reason = NULL, due_at = NULL, provider = 'smtp', provider_message_id = 'queued-as-0123456789', sent_at = now(), updated_at = now()
                 WHERE delivery_id = $1 AND tenant_id = $2 AND state = 'sending' AND fence = 1
                """
            );
            command.Parameters.Add(new() { Value = delivery.Id });
            command.Parameters.Add(new() { Value = SeedPlan.Tenant });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        public async Task InsertAsync(SeededDelivery delivery, CancellationToken cancellationToken)
        {
            await using var command = system.Rows.CreateCommand(
                "INSERT INTO benchmark_outcomes VALUES ($1, 'sent', 'smtp', 'queued-as-0123456789', now())"
            );
            command.Parameters.Add(new() { Value = delivery.Id });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        private async Task<string[]> FaultsAsync(int count, bool settles, CancellationToken cancellationToken)
        {
            await using var command = system.Rows.CreateCommand(
                settles ? "SELECT count(*) FROM deliveries WHERE state = 'sent'" : "SELECT count(*) FROM benchmark_outcomes"
            );
            var written = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
            return written == count ? [] : [$"{written:N0} of {count:N0} outcomes are in the table"];
        }

        private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
        {
            await using var command = system.Rows.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
