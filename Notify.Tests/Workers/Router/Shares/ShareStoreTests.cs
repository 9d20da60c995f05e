using Microsoft.Extensions.Logging.Abstractions;
using Notify.Tests.Core.DeadLetters;
using Notify.Tests.Core.Hosting;
using Notify.Workers.Router;
using Notify.Workers.Router.Shares;

namespace Notify.Tests.Workers.Router.Shares;

public sealed class ShareStoreTests(PostgresServer server) : DatabaseTests(server)
{
    private ShareStore Store => new(Database.Source, new(Database.Source, TimeProvider.System, NullLogger<OpenDays>.Instance));

    [Fact]
    public async Task Nothing_is_counted_where_nothing_is()
    {
        var (queued, waiting, weights) = await Store.CountAsync(Cancel);

        Assert.Empty(queued);
        Assert.Empty(waiting);
        Assert.Empty(weights);
    }

    [Fact]
    public async Task Queued_rows_are_counted_for_each_tenant_of_each_lane()
    {
        await AddAsync("a", 3, "sms", "standard", "queued");
        await AddAsync("a", 2, "sms", "bulk", "queued");
        await AddAsync("b", 5, "push", "standard", "queued");
        await AddAsync("b", 7, "sms", "standard", "sending");
        await AddAsync("c", 7, "sms", "standard", "sent");

        var (queued, waiting, _) = await Store.CountAsync(Cancel);

        Assert.Equal(
            new Dictionary<LaneTenant, int>
            {
                [new("sms", "standard", "a")] = 3,
                [new("sms", "bulk", "a")] = 2,
                [new("push", "standard", "b")] = 5,
            },
            queued
        );
        Assert.Empty(waiting);
    }

    [Fact]
    public async Task Batches_are_forgotten_once_nothing_of_them_is_queued_and_count_only_what_is_still_theirs()
    {
        await AddAsync("a", 3, "sms", "standard", "queued");
        await AddAsync("b", 2, "push", "bulk", "queued");
        await Database.ExecuteAsync("UPDATE deliveries SET state = 'sending' WHERE channel = 'push'");
        await Database.ExecuteAsync(
            "UPDATE deliveries SET queued_at = now() WHERE delivery_id = (SELECT max(delivery_id::text)::uuid FROM deliveries WHERE channel = 'sms')"
        );

        var (queued, _, _) = await Store.CountAsync(Cancel);

        Assert.Equal(new Dictionary<LaneTenant, int> { [new("sms", "standard", "a")] = 2 }, queued);
        Assert.Equal(["sms"], await Database.ListAsync("SELECT DISTINCT channel FROM queued_batches"));
    }

    [Fact]
    public async Task Whoever_waits_for_its_turn_is_found_however_many_rows_it_has()
    {
        LaneTenant[] expected =
        [
            new("email", "bulk", "z"),
            new("push", "critical", "a"),
            new("sms", "bulk", "a"),
            new("sms", "bulk", "b"),
            new("sms", "bulk", "c"),
            new("sms", "standard", "a"),
            new("sms", "standard", "b"),
        ];
        foreach (var (key, i) in expected.Select((key, i) => (key, i)))
            await AddAsync(key.Tenant, 1 + (i % 3 * 20), key.Channel, key.Lane, "waiting", "share");
        await AddAsync("retrying", 5, "sms", "standard", "waiting", "retry");
        await AddAsync("queued", 5, "sms", "standard", "queued");

        var (_, waiting, _) = await Store.CountAsync(Cancel);

        Assert.Equal(expected.OrderBy(key => key.ToString()), waiting.OrderBy(key => key.ToString()));
    }

    [Fact]
    public async Task Weights_other_than_one_are_read()
    {
        await Database.ExecuteAsync(
            "INSERT INTO tenants (tenant_id, enabled, weight, created_at) VALUES ('heavy', true, 10, now()), ('light', true, 1, now())"
        );

        var (_, _, weights) = await Store.CountAsync(Cancel);

        Assert.Equal(new Dictionary<string, int> { ["heavy"] = 10 }, weights);
    }

    private async Task AddAsync(string tenant, int count, string channel, string lane, string state, string? reason = null)
    {
        await Database.AddQueuedAsync(count, "new");
        await Database.ExecuteAsync(
            $"""
            UPDATE notifications SET tenant_id = '{tenant}' WHERE tenant_id = 'new';
            UPDATE deliveries SET tenant_id = '{tenant}', channel = '{channel}', lane = '{lane}', state = '{state}', reason = {(
                reason is null ? "NULL" : $"'{reason}'"
            )} WHERE tenant_id = 'new'
            """
        );
        await Database.BatchQueuedAsync();
    }
}
