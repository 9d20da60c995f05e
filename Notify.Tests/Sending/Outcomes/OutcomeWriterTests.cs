using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Notify.Core.Deliveries;
using Notify.Core.Routing;
using Notify.Sending;
using Notify.Sending.Outcomes;
using Notify.Tests.Core.Caching;
using Notify.Tests.Core.Deliveries;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;
using Npgsql;

namespace Notify.Tests.Sending.Outcomes;

/// <summary>Outcomes beside a Redis that does not answer. The clock of its calls stands, so that none of them ends before it
/// does.</summary>
public sealed class OutcomeWriterTests(PostgresServer server) : DatabaseTests(server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SilentRedis _redis = new();

    public override async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Outcomes_of_dead_tokens_do_not_wait_for_Redis_and_their_profiles_are_invalidated_together()
    {
        var settled = await SettledAsync(4);
        await using var writer = Writer();
        try
        {
            await using var connection = await Database.Source.OpenConnectionAsync(Cancel);
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            await using var hold = new NpgsqlCommand("SELECT FROM deliveries FOR UPDATE", connection, transaction);
            await hold.ExecuteNonQueryAsync(Cancel);
            var alone = writer.WriteAsync(settled[0] with { DeadDevice = null });
            await Until.GetAsync(
                async () =>
                    await Database.ScalarAsync<bool>(
                        "SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.datname = current_database())"
                    )
                        ? ""
                        : null,
                _ => "The first outcome is being written.",
                Cancel
            );
            // the last two in one batch: they came while the first was written
            Task[] together = [alone, writer.WriteAsync(settled[1]), writer.WriteAsync(settled[2])];
            await transaction.CommitAsync(Cancel);

            await Task.WhenAll(together).WaitAsync(Patience, Cancel);
            await Until.TrueAsync(
                () => _redis.Asked.Count == 2,
                "Both profiles are invalidated, though the first invalidation has no answer.",
                Cancel
            );

            await writer.WriteAsync(settled[3]).WaitAsync(Patience, Cancel);
            await Until.TrueAsync(
                () => _redis.Asked.Count == 3,
                "The next batch goes on, and its profile is invalidated though Redis did not answer.",
                Cancel
            );
        }
        finally
        {
            _redis.Answer();
        }
        Assert.Equal(["failed 4"], await Database.ListAsync("SELECT state || ' ' || count(*) FROM deliveries GROUP BY state"));
    }

    [Fact]
    public async Task Invalidations_without_an_answer_do_not_pile_up()
    {
        var settled = await SettledAsync(OutcomeWriter.MaxInvalidating + 2);
        await using var writer = Writer();
        try
        {
            foreach (var outcome in settled.SkipLast(1))
                await writer.WriteAsync(outcome).WaitAsync(Patience, Cancel); // one batch each
            var last = writer.WriteAsync(settled[^1]);
            Assert.Equal(OutcomeWriter.MaxInvalidating, _redis.Asked.Count);

            _redis.Answer();
            await last.WaitAsync(Patience, Cancel);
            await Until.TrueAsync(() => _redis.Asked.Count == settled.Count, "None is left out.", Cancel);
        }
        finally
        {
            _redis.Answer();
        }
    }

    [Fact]
    public async Task Outcome_that_Postgres_refuses_does_not_take_others_with_it()
    {
        var settled = (await SettledAsync(9)).ConvertAll(outcome =>
            outcome with
            {
                DeadDevice = null,
                Transition = new(DeliveryState.Sent),
            }
        );
        settled[3] = settled[3] with { Attempt = settled[3].Attempt! with { Code = "refused" } };
        settled[5] = settled[5] with { ProviderMessageId = "half of a pair: \ud800" };
        await Database.ExecuteAsync("ALTER TABLE deliveries ADD CHECK (code IS DISTINCT FROM 'refused')");
        settled[7] = settled[7] with { Transition = new(DeliveryState.Failed, DeliveryReasons.Refused) };
        // No list that a call could be added to.
        await Database.ExecuteAsync($"UPDATE deliveries SET attempts = '7' WHERE delivery_id = '{settled[7].Key.Id}'");
        await using var writer = Writer();
        await using var connection = await Database.Source.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await using var hold = new NpgsqlCommand("SELECT FROM deliveries FOR UPDATE", connection, transaction);
        await hold.ExecuteNonQueryAsync(Cancel);
        var first = writer.WriteAsync(settled[0]);
        await Until.TrueAsync(
            () =>
                Database.ScalarAsync<bool>(
                    """
                    SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.datname = current_database())
                    """
                ),
            "The first outcome is being written, and the others become one batch.",
            Cancel
        );
        Task<bool>[] all = [first, .. settled.Skip(1).Select(writer.WriteAsync)];
        await transaction.CommitAsync(Cancel);

        var written = await Task.WhenAll(all).WaitAsync(Patience, Cancel);

        Assert.Equal(Enumerable.Range(0, 9).Select(index => index != 7), written); // its claim is left to lapse
        Assert.Equal(
            ["sending 1", "sent 2", "sent UNREGISTERED 6"],
            await Database.ListAsync("SELECT concat_ws(' ', state, code, count(*)) FROM deliveries GROUP BY state, code ORDER BY 1")
        );
        Assert.Equal(
            [settled[7].Key.Id.ToString()],
            await Database.ListAsync("SELECT delivery_id FROM deliveries WHERE state = 'sending'")
        );
        Assert.Equal(
            ["0 t"],
            await Database.ListAsync(
                "SELECT DISTINCT concat_ws(' ', jsonb_array_length(attempts), call_ms IS NOT NULL) FROM deliveries WHERE state = 'sent'"
            )
        );
    }

    private OutcomeWriter Writer() =>
        new(
            Database.Source,
            new(_redis.Connection, NullLogger<ProfileCache>.Instance, new(new ManualTime())),
            new(_services.GetRequiredService<IMeterFactory>()),
            TimeProvider.System,
            NullLogger<OutcomeWriter>.Instance
        );

    /// <summary>Outcomes that found a dead token, each of a recipient of its own.</summary>
    private async Task<List<SettledAttempt>> SettledAsync(int count)
    {
        var keys = new List<DeliveryKey>();
        for (var i = 0; i < count; i++)
            keys.Add(await Database.AddDeliveryAsync("queued"));
        var claims = await new WorkerRows(Database.Source).ClaimAsync(keys, TimeSpan.FromSeconds(60), Cancel);
        return
        [
            .. keys.Select(
                (key, i) =>
                    new SettledAttempt(
                        key,
                        claims[key.Id],
                        new(DeliveryState.Failed, DeliveryReasons.DeadAddress),
                        new AttemptRecord(At, "fcm", "dead_address", 1, "UNREGISTERED"),
                        DeadDevice: new($"u{i}", "d1", "token", "UNREGISTERED")
                    )
            ),
        ];
    }
}
