using Microsoft.Extensions.Logging.Abstractions;
using Notify.Core.Routing;
using Notify.Tests.Core.Caching;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Core.Routing;

public sealed class ProfileStoreTests(PostgresServer server) : DatabaseTests(server)
{
    private const int Tenants = 20;

    [Fact]
    public async Task Profiles_of_many_tenants_are_read_after_one_wait_for_a_Redis_that_does_not_answer()
    {
        await AddAsync();
        var (redis, time) = (new SilentRedis(), new ManualTime());
        var store = new ProfileStore(new(redis.Connection, NullLogger<ProfileCache>.Instance, new(time)), Database.Source);

        var finding = store.FindAsync(OfAll("u1"), Cancel);
        time.Advance(TimeSpan.FromMilliseconds(250)); // the only wait: the clock stands for all others
        var found = await finding.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        await store.FindAsync(OfAll("u1"), Cancel).WaitAsync(TimeSpan.FromSeconds(60), Cancel);

        Assert.Equal(Enumerable.Range(0, Tenants).Select(i => $"t{i}@example.com"), OfAll("u1").Select(key => found[key].Email));
        Assert.Equal(["StringGetAsync"], redis.Asked);
    }

    [Fact]
    public async Task Profiles_of_many_tenants_are_one_call_and_each_tenants_own()
    {
        await AddAsync();
        await Database.ExecuteAsync(
            """
            INSERT INTO devices (
                tenant_id, recipient_id, device_id, platform, environment, token, token_hash, state, registered_at, last_seen_at)
            SELECT 't' || n, 'u1', 'd' || m, 'fcm', 'production', 't' || n || '-' || m, convert_to(n || '-' || m, 'UTF8'),
                   CASE WHEN m = 3 THEN 'disabled' ELSE 'active' END, now(), now() FROM generate_series(
                       0, 1) AS n, generate_series(1, 3) AS m
            """
        );
        var redis = new SilentRedis();
        redis.Answer();
        var store = new ProfileStore(new(redis.Connection, NullLogger<ProfileCache>.Instance, new(new ManualTime())), Database.Source);

        var found = await store.FindAsync([.. OfAll("u1"), ("t0", "nobody"), ("nobody", "u1")], Cancel);

        Assert.Equal(OfAll("u1").Order(), found.Keys.Order());
        Assert.Equal(["t1-1", "t1-2"], found[("t1", "u1")].Devices.Select(device => device.Token).Order());
        Assert.Equal(["t0-1", "t0-2"], found[("t0", "u1")].Devices.Select(device => device.Token).Order());
        Assert.Empty(found[("t2", "u1")].Devices);
        Assert.Single(redis.Asked, call => call == "StringGetAsync");
    }

    private static List<(string Tenant, string Recipient)> OfAll(string recipient) =>
        [.. Enumerable.Range(0, Tenants).Select(i => ($"t{i}", recipient))];

    /// <summary>A recipient of the same id in each tenant.</summary>
    private Task AddAsync() =>
        Database.ExecuteAsync(
            $"""
            INSERT INTO recipients (tenant_id, recipient_id, email, created_at, updated_at)
            SELECT 't' || n, 'u1', 't' || n || '@example.com', now(), now() FROM generate_series(0, {Tenants - 1}) AS n
            """
        );
}
