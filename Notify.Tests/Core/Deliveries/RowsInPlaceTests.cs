using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Notifications;
using Notify.Sending;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Npgsql;

namespace Notify.Tests.Core.Deliveries;

public sealed class RowsInPlaceTests(PostgresServer server) : DatabaseTests(server)
{
    private const int Rows = 10; // of one page, which has room for a second version of each

    [Fact]
    public async Task A_delivery_is_claimed_and_sent_without_a_write_to_any_index()
    {
        var keys = await InsertAsync(Rows);
        var store = new WorkerRows(Database.Source);

        var claims = await store.ClaimAsync(keys, TimeSpan.FromMinutes(1), Cancel);
        await store.SettleAsync([.. keys.Select(key => Sent(key, claims[key.Id]))], Cancel);

        Assert.Equal((long)Rows, await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE state = 'sent'"));
        Assert.Equal(2 * Rows, await CountedAsync("n_tup_upd", 2 * Rows));
        Assert.Equal(2 * Rows, await CountedAsync("n_tup_hot_upd", 2 * Rows));
    }

    /// <summary>A claim that began with all that lies between its first and its last row read 2,000 rows for 20: five times the
    /// cost.</summary>
    [Fact]
    public async Task Statements_read_the_rows_of_their_batch_and_not_what_lies_between_them()
    {
        var keys = (await InsertAsync(2_000)).Where((_, index) => index % 100 == 0).ToList();
        await Database.ExecuteAsync("ANALYZE deliveries");
        var store = new WorkerRows(Database.Source);

        var claims = await store.ClaimAsync(keys, TimeSpan.FromMinutes(1), Cancel);
        await store.SettleAsync([.. keys.Select(key => Sent(key, claims[key.Id]))], Cancel);

        Assert.Equal(2 * keys.Count, await CountedAsync("n_tup_upd", 2 * keys.Count));
        Assert.InRange(await CountedAsync("idx_tup_fetch", 2 * keys.Count), 2 * keys.Count, 4 * keys.Count);
    }

    [Fact]
    public async Task Batch_of_one_day_opens_that_days_table_alone_and_one_of_several_or_of_none_finds_its_rows_too()
    {
        var now = TimeProvider.System.GetUtcNow();
        var days = new DayPartitions(Database.Source);
        await days.EnsureAsync(Enumerable.Range(-3, 6).Select(day => now.AddDays(day)), Cancel);
        var (today, yesterday) = (await InsertAsync(2), await InsertAsync(2, now.AddDays(-1)));
        var gone = new DeliveryKey("acme", UuidV7.New(now.AddDays(-100)));
        var store = new WorkerRows(Database.Source);
        await using (var reader = await Database.Source.OpenConnectionAsync(Cancel))
        {
            await using var held = await reader.BeginTransactionAsync(Cancel);
            await using var other = new NpgsqlCommand(
                $"LOCK TABLE deliveries_{now.AddDays(-1).UtcDateTime:yyyyMMdd} IN ACCESS EXCLUSIVE MODE",
                reader
            );
            await other.ExecuteNonQueryAsync(Cancel);
            Assert.Single(await store.ClaimAsync(today[..1], TimeSpan.FromMinutes(1), Cancel).WaitAsync(TimeSpan.FromMinutes(1), Cancel));
        }

        Assert.Empty(await store.ClaimAsync([gone], TimeSpan.FromMinutes(1), Cancel));
        var claims = await store.ClaimAsync([gone, today[1], yesterday[0]], TimeSpan.FromMinutes(1), Cancel);
        Assert.Equal(new[] { today[1].Id, yesterday[0].Id }.Order(), claims.Keys.Order());
        Assert.Equal(
            2,
            await store.SettleAsync([Sent(today[1], claims[today[1].Id]), Sent(yesterday[0], claims[yesterday[0].Id])], Cancel)
        );
        Assert.Equal(0, await store.SettleAsync([Sent(gone, new(gone.Id, 1, 1, false))], Cancel));
        await store.ParkAsync(
            [new(gone, DeliveryReasons.ProviderPaused, now), new(yesterday[1], DeliveryReasons.ProviderPaused, now)],
            Cancel
        );
        await store.ParkAsync([new(gone, DeliveryReasons.ProviderPaused, now)], Cancel);
        Assert.Equal(["sending", "sent", "sent", "waiting"], await Database.ListAsync("SELECT state FROM deliveries ORDER BY 1"));
    }

    [Fact]
    public async Task Columns_that_a_claim_or_a_yes_changes_are_in_no_index_and_no_condition_of_one()
    {
        string[] changing =
        [
            "state",
            "attempt",
            "fence",
            "claim_id",
            "updated_at",
            "sent_at",
            "call_ms",
            "segments",
            "provider",
            "provider_message_id",
            "code",
            "queued_at",
            "attempts",
        ];
        var indexes = await Database.ListAsync("SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'deliveries'::regclass");

        Assert.NotEmpty(indexes);
        Assert.All(indexes, index => Assert.All(changing, column => Assert.DoesNotMatch($@"\b{column}\b", index)));
    }

    private static SettledAttempt Sent(DeliveryKey key, Claim claim) =>
        new(key, claim, new(DeliveryState.Sent), new AttemptRecord(TimeProvider.System.GetUtcNow(), "p", "sent", 1), "id");

    private async Task<List<DeliveryKey>> InsertAsync(int count, DateTimeOffset? at = null)
    {
        var now = at ?? TimeProvider.System.GetUtcNow();
        await new DayPartitions(Database.Source).EnsureAsync([now], Cancel);
        var rows = Enumerable
            .Range(0, count)
            .Select(_ => new NewRow(
                new("acme", UuidV7.New(now)),
                UuidV7.New(now),
                Channel.Sms,
                Lane.Standard,
                "u1",
                "+15005550006",
                null,
                DeliveryState.Queued,
                null,
                AtMostOnce: false,
                now.AddDays(1)
            ))
            .ToList();
        await using var connection = await Database.Source.OpenConnectionAsync(Cancel);
        await InsertRows.InsertAsync(connection, rows, Cancel);
        return rows.ConvertAll(row => row.Key);
    }

    /// <summary>What Postgres counted, once so many updates are counted. Connections hand in what they counted when they end.</summary>
    private async Task<int> CountedAsync(string column, int updates)
    {
        Database.Source.Clear();
        var counted = 0;
        await Until.TrueAsync(
            async () =>
            {
                counted = await Database.ScalarAsync<int>(
                    $"SELECT sum({column})::int FROM pg_stat_user_tables WHERE relname LIKE 'deliveries_%'"
                );
                return await Database.ScalarAsync<int>(
                        "SELECT sum(n_tup_upd)::int FROM pg_stat_user_tables WHERE relname LIKE 'deliveries_%'"
                    ) >= updates;
            },
            "the updates are counted",
            Cancel
        );
        return counted;
    }
}
