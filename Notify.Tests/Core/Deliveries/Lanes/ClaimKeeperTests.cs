using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Lanes;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Distributed;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Core.Deliveries.Lanes;

public sealed class ClaimKeeperTests(PostgresServer server) : DatabaseTests(server)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Claims_of_sends_that_run_long_hold_on_and_those_that_ended_do_not()
    {
        var time = new ManualTime();
        var store = new DeliveryStore(Database.Source);
        using var keeper = new ClaimKeeper(store, Options.Create(new DeliveryOptions { Lease = Lease }), time, NullLogger<ClaimKeeper>.Instance);
        var (running, ended) = (await Database.AddDeliveryAsync("queued"), await Database.AddDeliveryAsync("queued"));
        var claims = await store.ClaimAsync([running, ended], Lease, Cancel);
        await Database.ExecuteAsync("UPDATE deliveries SET due_at = now() + interval '1 second'");
        keeper.Keep(running, claims[running.Id]);
        keeper.Keep(ended, claims[ended.Id]);
        keeper.Forget(ended);
        await keeper.StartAsync(Cancel);
        await UntilRenewedAsync();
        Assert.Equal([running.Id.ToString()], await Database.ListAsync("SELECT delivery_id FROM deliveries WHERE due_at > now() + interval '50 seconds'"));

        // And again, as long as it runs.
        await Database.ExecuteAsync("UPDATE deliveries SET due_at = now() + interval '1 second'");
        await UntilRenewedAsync();
        await keeper.StopAsync(Cancel);

        async Task UntilRenewedAsync() => await Until.GetAsync(
            async () =>
            {
                time.Advance(Lease / 4);
                return await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE due_at > now() + interval '50 seconds'") > 0 ? "" : null;
            },
            _ => "The lease is renewed.",
            Cancel);
    }

    [Fact]
    public async Task Send_that_has_just_begun_needs_no_renewal()
    {
        var time = new ManualTime();
        var store = new DeliveryStore(Database.Source);
        using var keeper = new ClaimKeeper(store, Options.Create(new DeliveryOptions { Lease = Lease }), time, NullLogger<ClaimKeeper>.Instance);
        var (old, young) = (await Database.AddDeliveryAsync("queued"), await Database.AddDeliveryAsync("queued"));
        var claims = await store.ClaimAsync([old, young], Lease, Cancel);
        await Database.ExecuteAsync("UPDATE deliveries SET due_at = now() + interval '1 second'");
        keeper.Keep(old, claims[old.Id]);
        time.Advance(Lease);
        keeper.Keep(young, claims[young.Id]);
        await keeper.StartAsync(Cancel);

        await Until.GetAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));   // far from a quarter of a lease, a step at a time
                keeper.Keep(young, claims[young.Id]);
                return await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE due_at > now() + interval '50 seconds'") > 0 ? "" : null;
            },
            _ => "The lease is renewed.",
            Cancel);
        await keeper.StopAsync(Cancel);

        Assert.Equal([old.Id.ToString()], await Database.ListAsync("SELECT delivery_id FROM deliveries WHERE due_at > now() + interval '50 seconds'"));
    }
}
