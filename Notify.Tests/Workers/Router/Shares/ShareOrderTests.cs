using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Notify.Workers.Router;
using Notify.Workers.Router.Shares;

namespace Notify.Tests.Workers.Router.Shares;

/// <summary>What waits for its tenant's turn is not passed by what comes after it, however the count of the rows falls.</summary>
public sealed class ShareOrderTests(PostgresServer server) : DatabaseTests(server)
{
    private const string WaitingLocks = """
        SELECT count(*) FROM pg_locks
         WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    private static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private readonly TenantShares _shares = new(Options.Create(new RouterOptions { LaneWindow = 2, MinShare = 1 }));
    private int _written;

    private OpenDays Days => new(Database.Source, TimeProvider.System, NullLogger<OpenDays>.Instance);

    [Fact]
    public async Task Newer_message_waits_behind_rows_that_were_committed_after_a_count_had_read_the_table()
    {
        await new DayPartitions(Database.Source).EnsureAsync([Start], Cancel);
        await using var blocker = await Database.Source.OpenConnectionAsync(Cancel);
        await using var held = await blocker.BeginTransactionAsync(Cancel);
        await using (var block = new Npgsql.NpgsqlCommand("LOCK TABLE deliveries IN SHARE MODE", blocker, held))
            await block.ExecuteNonQueryAsync(Cancel);
        var writing = WriteAsync(5); // two of them go, three wait
        await Until.TrueAsync(async () => await Database.ScalarAsync<long>(WaitingLocks) > 0, "The rows are about to be written.", Cancel);

        var counted = _shares.BeginCount();
        var (queued, waiting, weights) = await new ShareStore(Database.Source, Days).CountAsync(Cancel);
        await held.CommitAsync(Cancel);
        Assert.Equal(2, (await writing).Count);
        counted(queued, waiting, weights); // it saw no row at all

        Assert.Empty(await WriteAsync(1));
        _shares.Written(Lane.Standard);
        await CountAsync();
        Assert.Empty(await WriteAsync(1));
        Assert.Equal(
            ["queued  2", "waiting share 5"],
            await Database.ListAsync("SELECT concat(state, ' ', reason, ' ', count(*)) FROM deliveries GROUP BY state, reason ORDER BY 1")
        );

        await Database.ExecuteAsync("UPDATE deliveries SET state = 'sent', reason = NULL");
        _shares.Written(Lane.Standard);
        await CountAsync();
        Assert.Single(await WriteAsync(1));
    }

    private async Task CountAsync()
    {
        var counted = _shares.BeginCount();
        var (queued, waiting, weights) = await new ShareStore(Database.Source, Days).CountAsync(Cancel);
        counted(queued, waiting, weights);
    }

    private Task<List<DeliveryRecord>> WriteAsync(int count) =>
        new TestRouting(Database.Source, _shares, new ManualTime(Start)).RouteAsync(
            Cancel,
            [.. Enumerable.Range(0, count).Select(_ => Incoming.Notification(Start.AddMilliseconds(++_written)))]
        );
}
