using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Notify.Core.Data;
using Notify.Core.Notifications;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Notify.Workers.Router;
using Notify.Workers.Router.Release;
using Notify.Workers.Router.Shares;

namespace Notify.Tests.Workers.Router;

/// <summary>Of the days that are kept, only those are looked at in which something may wait.</summary>
public sealed class OpenDaysTests(PostgresServer server) : RouterTests(server)
{
    private const string ScansSql = """
        SELECT coalesce(sum(idx_scan), 0)::bigint FROM pg_stat_user_indexes WHERE relname = 'deliveries_20260901'
        """;

    private static readonly DateTimeOffset Old = new(2026, 9, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ManualTime _time = new(new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Day_long_gone_is_looked_at_while_something_of_it_waits_and_no_longer()
    {
        await new DayPartitions(Database.Source).EnsureAsync(
            [Old, _time.Now, .. Enumerable.Range(1, 5).Select(i => _time.Now.AddDays(-i))],
            Cancel
        );
        var days = new OpenDays(Database.Source, _time, NullLogger<OpenDays>.Instance);
        Assert.Equal(Guid.Empty, days.Since);

        await days.LookAsync(Cancel);
        Assert.Equal(UuidV7.RangeAt(new(2026, 11, 28, 0, 0, 0, TimeSpan.Zero)).First, days.Since);
        var releaser = new Releaser(
            Database.Source,
            new(Database.Source, _time),
            new(),
            days,
            Deliveries(Broker.Producer),
            Metrics,
            _time,
            NullLogger<Releaser>.Instance
        );
        var shares = new ShareStore(Database.Source, days);
        var before = await ScansAsync();
        for (var i = 0; i < 20; i++)
        {
            await releaser.ReleaseDueAsync([new("sms", "standard", 10, false)], lapsedToo: true, Cancel);
            await releaser.ReleaseTurnsAsync([(new LaneTenant("sms", "standard", "acme"), 10)], Cancel);
            await shares.CountAsync(Cancel);
        }
        Assert.Equal(before, await ScansAsync());

        var sendable = await new TestRouting(Database.Source, new(Options.Create(new RouterOptions())), new ManualTime(Old)).RouteAsync(
            Cancel,
            Incoming.Notification(Old)
        );
        await Database.ExecuteAsync(
            $"UPDATE deliveries SET state = 'waiting', reason = 'replay', due_at = now() - interval '1 s', expires_at = now() + interval '1 y' WHERE delivery_id = '{Assert.Single(sendable).Id}'"
        );
        await days.LookAsync(Cancel);
        Assert.Equal(UuidV7.RangeAt(new(2026, 9, 1, 0, 0, 0, TimeSpan.Zero)).First, days.Since);
        Assert.Single(await releaser.ReleaseDueAsync([new("sms", "standard", 10, false)], lapsedToo: true, Cancel));

        await days.LookAsync(Cancel);
        Assert.Equal(UuidV7.RangeAt(new(2026, 11, 28, 0, 0, 0, TimeSpan.Zero)).First, days.Since);
    }

    /// <summary>How often the old day was searched, by all connections: each tells so when it ends.</summary>
    private async Task<long> ScansAsync()
    {
        Database.Source.Clear();
        await Until.TrueAsync(
            async () =>
                await Database.ScalarAsync<long>(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                ) == 0,
            "The connections have ended.",
            Cancel
        );
        return await Database.ScalarAsync<long>(ScansSql);
    }
}
