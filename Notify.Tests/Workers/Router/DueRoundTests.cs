using Microsoft.Extensions.Logging.Abstractions;
using Notify.Tests.Core.DeadLetters;
using Notify.Tests.Core.Hosting;
using Notify.Workers.Router;
using Notify.Workers.Router.Release;
using Notify.Workers.Router.Shares;

namespace Notify.Tests.Workers.Router;

/// <summary>How much the pump takes at once.</summary>
public sealed class DueRoundTests(PostgresServer server) : RouterTests(server)
{
    private const int Long = 200_000;
    private const int LongInARound = (RoundLimits.Bytes / Long) + 1;

    private Releaser Store =>
        new(
            Database.Source,
            new(Database.Source, TimeProvider.System),
            new(),
            Days,
            Deliveries(Broker.Producer),
            Metrics,
            TimeProvider.System,
            NullLogger<Releaser>.Instance
        );

    [Fact]
    public async Task Round_holds_so_many_bytes_and_what_is_left_comes_in_the_next()
    {
        await AddAsync(LongInARound + 3, "standard", Long);
        await AddAsync(5, "bulk", 1); // not behind all of the other lane

        var first = await ReleaseAsync();
        var second = await ReleaseAsync();

        Assert.Equal(
            ["bulk 5", $"standard {LongInARound}"],
            first.CountBy(row => row.Lane).Select(lane => $"{lane.Key} {lane.Value}").Order()
        );
        Assert.True(Releaser.IsFull(first));
        Assert.Equal(3, second.Count);
        Assert.False(Releaser.IsFull(second));
        Assert.Equal(
            [$"queued {LongInARound + 8}"],
            await Database.ListAsync("SELECT state || ' ' || count(*) FROM deliveries GROUP BY state")
        );
    }

    [Fact]
    public async Task Lanes_share_a_rounds_bytes_and_each_gives_what_came_due_first()
    {
        await AddAsync(LongInARound, "standard", Long);
        await AddAsync(LongInARound, "bulk", Long);
        var bulk = await Database.ListAsync("SELECT delivery_id FROM deliveries WHERE lane = 'bulk' ORDER BY due_at");

        var taken = (await ReleaseAsync()).ToLookup(row => row.Lane);

        Assert.Equal(LongInARound, taken["bulk"].Count() + taken["standard"].Count());
        Assert.InRange(taken["bulk"].Count() - taken["standard"].Count(), -1, 1);
        Assert.Equal(bulk.Take(taken["bulk"].Count()).Order(), taken["bulk"].Select(row => row.Id.ToString()).Order());
    }

    [Fact]
    public async Task Turns_of_tenants_share_a_rounds_bytes()
    {
        await AddAsync(LongInARound, "standard", Long, reason: "share");
        await AddAsync(LongInARound, "standard", Long, reason: "share", tenant: "other");

        var (one, other) = (new LaneTenant("sms", "standard", "acme"), new LaneTenant("sms", "standard", "other"));
        var taken = (await Store.ReleaseTurnsAsync([(one, 500), (other, 500)], Cancel)).ToLookup(row => row.Tenant);

        Assert.Equal(LongInARound, taken["acme"].Count() + taken["other"].Count());
        Assert.InRange(taken["acme"].Count() - taken["other"].Count(), -1, 1);
    }

    [Fact]
    public async Task Round_holds_so_many_rows()
    {
        await AddAsync(RoundLimits.Rows + 7, "standard", 1);
        DueLane[] lanes = [new("sms", "standard", RoundLimits.Rows + 100, false)];

        Assert.Equal(RoundLimits.Rows, (await Store.ReleaseDueAsync(lanes, lapsedToo: true, Cancel)).Count);
        Assert.Equal(7, (await Store.ReleaseDueAsync(lanes, lapsedToo: true, Cancel)).Count);
    }

    private Task<List<DueDelivery>> ReleaseAsync() =>
        Store.ReleaseDueAsync([new("sms", "standard", 500, false), new("sms", "bulk", 500, false)], lapsedToo: true, Cancel);

    private async Task AddAsync(int count, string lane, int bytes, string reason = "retry", string tenant = "acme")
    {
        var ids = string.Join(',', (await Database.AddQueuedAsync(count, tenant)).Select(key => $"'{key.Id}'"));
        await Database.ExecuteAsync(
            $$$"""
            UPDATE deliveries
               SET state = 'waiting', reason = '{{{reason}}}', lane = '{{{lane}}}', due_at = now() - interval '1 minute' * (1 + random())
             WHERE delivery_id IN ({{{ids}}});
            UPDATE notifications SET request = convert_to('{"recipients":["u1"],"message":{"body":"' || repeat('a', {{{bytes}}}) || '"}}', 'UTF8')
             WHERE notification_id IN (SELECT notification_id FROM deliveries WHERE delivery_id IN ({{{ids}}}))
            """
        );
    }
}
