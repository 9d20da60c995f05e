using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Sending;
using Notify.Tests.Core.Deliveries;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Sending.Lanes;

public sealed class ParkAndRenewTests(PostgresServer server) : DatabaseTests(server)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private WorkerRows Store => new(Database.Source);

    [Theory]
    [InlineData("queued", "NULL", true)]
    [InlineData("waiting", "now() - interval '1 second'", true)]
    [InlineData("waiting", "now() + interval '2 hours'", false)]
    [InlineData("sending", "now() + interval '1 minute'", false)]
    // a claim past its lease: its record is one that the pump made, which would be lost
    [InlineData("sending", "now() - interval '1 hour'", true)]
    [InlineData("sent", "NULL", false)]
    [InlineData("cancelled", "NULL", false)]
    [InlineData("dead", "NULL", false)]
    public async Task Only_what_nobody_has_is_put_aside_and_it_costs_no_attempt(string state, string due, bool parked)
    {
        var key = await Database.AddDeliveryAsync(state, due);
        await Store.ParkAsync([new ParkedRow(key, DeliveryReasons.ProviderPaused, TimeProvider.System.GetUtcNow().AddMinutes(10))], Cancel);

        Assert.Equal(
            [parked ? "waiting provider_paused 0 0 t" : $"{state} 0 0 f"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', state, reason, attempt, fence, coalesce(due_at BETWEEN now() + interval '9 minutes' AND now() + interval '10 minutes', false)) FROM deliveries"
            )
        );
    }

    [Fact]
    public async Task Each_is_put_aside_for_its_own_reason_and_time_and_those_of_others_are_not_touched()
    {
        var (first, second) = (await Database.AddDeliveryAsync("queued"), await Database.AddDeliveryAsync("queued"));
        var foreign = await Database.AddDeliveryAsync("queued", tenant: "other");
        var now = TimeProvider.System.GetUtcNow();
        await Store.ParkAsync(
            [
                new(first, "address_limit", now.AddMinutes(1)),
                new(second, "retry_budget", now.AddMinutes(5)),
                new(foreign with { Tenant = "acme" }, "share", now),
            ],
            Cancel
        );

        Assert.Equal(
            ["acme waiting address_limit t", "acme waiting retry_budget f", "other queued"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', tenant_id, state, reason, due_at < now() + interval '2 minutes') FROM deliveries ORDER BY 1"
            )
        );
    }

    [Fact]
    public async Task Row_names_what_it_waits_for_and_keeps_its_code_otherwise()
    {
        var (named, kept) = (await Database.AddDeliveryAsync("queued"), await Database.AddDeliveryAsync("queued"));
        await Database.ExecuteAsync("UPDATE deliveries SET code = '503'");
        var later = TimeProvider.System.GetUtcNow().AddMinutes(1);

        await Store.ParkAsync(
            [new(named, DeliveryReasons.Misconfigured, later, "country:+81"), new(kept, DeliveryReasons.ProviderPaused, later)],
            Cancel
        );

        Assert.Equal(
            ["misconfigured country:+81", "provider_paused 503"],
            await Database.ListAsync("SELECT concat_ws(' ', reason, code) FROM deliveries ORDER BY 1")
        );
    }

    [Fact]
    public async Task What_is_put_aside_comes_due_when_it_expires_at_the_latest()
    {
        var key = await Database.AddDeliveryAsync("queued", expires: "now() + interval '1 minute'");
        await Store.ParkAsync([new ParkedRow(key, DeliveryReasons.ProviderPaused, TimeProvider.System.GetUtcNow().AddHours(1))], Cancel);

        Assert.True(await Database.ScalarAsync<bool>("SELECT due_at = expires_at FROM deliveries"));
    }

    [Fact]
    public async Task Claim_that_lapsed_is_not_renewed_and_its_delivery_is_somebody_elses()
    {
        var (old, running) = (await Database.AddDeliveryAsync("queued"), await Database.AddDeliveryAsync("queued"));
        var (lapsed, held) = (Guid.NewGuid(), Guid.NewGuid());
        await Store.ClaimAsync([old], TimeSpan.FromSeconds(-1), Cancel, lapsed);
        await Store.ClaimAsync([running], TimeSpan.FromSeconds(1), Cancel, held);
        await LapseRows.ComeDueAsync(Database.Source, Cancel);

        await Store.RenewAsync([lapsed, held], Lease, Cancel);

        Assert.Equal(
            [$"{held} t"],
            await Database.ListAsync("SELECT concat_ws(' ', claim_id, lapses_at > now() + interval '50 seconds') FROM claims")
        );
        Assert.Equal(2, (await Store.ClaimAsync([old, running], Lease, Cancel))[old.Id].Fence);
    }

    [Fact]
    public async Task Of_a_lapsed_claim_only_what_is_still_being_sent_under_it_comes_due()
    {
        DeliveryKey[] keys = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Database.AddDeliveryAsync("queued")))];
        var claims = await Store.ClaimAsync(keys, TimeSpan.FromSeconds(-1), Cancel);
        var at = TimeProvider.System.GetUtcNow();
        await Store.SettleAsync([new(keys[0], claims[keys[0].Id], new(DeliveryState.Sent), new AttemptRecord(at, "p", "sent", 1))], Cancel);
        await Database.ExecuteAsync($"UPDATE deliveries SET state = 'cancelled' WHERE delivery_id = '{keys[1].Id}'");
        // claimed anew
        await Database.ExecuteAsync($"UPDATE deliveries SET claim_id = gen_random_uuid() WHERE delivery_id = '{keys[2].Id}'");

        Assert.False(await LapseRows.ComeDueAsync(Database.Source, Cancel));

        Assert.Equal([$"{keys[3].Id}"], await Database.ListAsync("SELECT delivery_id FROM deliveries WHERE due_at IS NOT NULL"));
        Assert.Equal(0L, await Database.ScalarAsync<long>("SELECT count(*) FROM claims"));
    }
}
