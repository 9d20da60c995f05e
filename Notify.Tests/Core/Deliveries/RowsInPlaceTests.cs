using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Notifications;
using Notify.Sending;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;

namespace Notify.Tests.Core.Deliveries;

public sealed class RowsInPlaceTests(PostgresServer server) : DatabaseTests(server)
{
    private const int Rows = 10;   // of one page, which has room for a second version of each

    [Fact]
    public async Task A_delivery_is_claimed_and_sent_without_a_write_to_any_index()
    {
        var keys = await InsertAsync();
        var store = new DeliveryStore(Database.Source);

        var claims = await store.ClaimAsync(keys, TimeSpan.FromMinutes(1), Cancel);
        await store.SettleAsync(
            [.. keys.Select(key => new SettledAttempt(key, claims[key.Id], new(DeliveryState.Sent), new AttemptRecord(TimeProvider.System.GetUtcNow(), "p", "sent", 1), "id"))], Cancel);

        Assert.Equal((long)Rows, await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE state = 'sent'"));
        Assert.Equal(2 * Rows, await UpdatesAsync("n_tup_upd"));
        Assert.Equal(2 * Rows, await UpdatesAsync("n_tup_hot_upd"));
    }

    [Fact]
    public async Task Columns_that_a_claim_or_a_yes_changes_are_in_no_index_and_no_condition_of_one()
    {
        string[] changing = ["state", "attempt", "fence", "claim_id", "updated_at", "sent_at", "call_ms", "segments", "provider", "provider_message_id", "code", "queued_at", "attempts"];
        var indexes = await Database.ListAsync("SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'deliveries'::regclass");

        Assert.NotEmpty(indexes);
        Assert.All(indexes, index => Assert.All(changing, column => Assert.DoesNotMatch($@"\b{column}\b", index)));
    }

    private async Task<List<DeliveryKey>> InsertAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        await new DayPartitions(Database.Source).EnsureAsync([now], Cancel);
        var rows = Enumerable.Range(0, Rows).Select(_ => new NewRow(
            new("acme", UuidV7.New(now)), UuidV7.New(now), Channel.Sms, Lane.Standard, "u1", "+15005550006", null, DeliveryState.Queued, null,
            AtMostOnce: false, now.AddDays(1))).ToList();
        await using var connection = await Database.Source.OpenConnectionAsync(Cancel);
        await InsertRows.InsertAsync(connection, rows, Cancel);
        return rows.ConvertAll(row => row.Key);
    }

    /// <summary>What Postgres counted of the updates. Connections hand in what they counted when they end.</summary>
    private async Task<int> UpdatesAsync(string column)
    {
        Database.Source.Clear();
        var counted = 0;
        await Until.TrueAsync(
            async () =>
            {
                counted = await Database.ScalarAsync<int>($"SELECT sum({column})::int FROM pg_stat_user_tables WHERE relname LIKE 'deliveries_%'");
                return await Database.ScalarAsync<int>("SELECT sum(n_tup_upd)::int FROM pg_stat_user_tables WHERE relname LIKE 'deliveries_%'") >= 2 * Rows;
            },
            "the updates are counted",
            Cancel);
        return counted;
    }
}
