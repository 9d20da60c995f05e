using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Notify.Core.Deliveries;
using Notify.Sending;
using Notify.Sending.Lanes;
using Notify.Tests.Core.Deliveries;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Sending.Lanes;

public sealed class ClaimKeeperTests(PostgresServer server) : DatabaseTests(server)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private readonly ManualTime _time = new();

    private WorkerRows Store => new(Database.Source);

    [Fact]
    public async Task Claims_of_sends_that_run_long_hold_on_as_long_as_one_of_them_runs()
    {
        using var keeper = Keeper();
        var claim = await ClaimAsync(deliveries: 2);
        keeper.Keep(claim, calls: 2);
        keeper.Ended(claim, written: true);
        await keeper.StartAsync(Cancel);

        for (var round = 0; round < 2; round++)
        {
            await EndLeasesAsync();
            await UntilAsync(
                "SELECT count(*) = 1 FROM claims WHERE lapses_at > now() + interval '50 seconds'",
                "The claim is renewed.",
                Lease / 4
            );
        }
        keeper.Ended(claim, written: true);
        await UntilAsync("SELECT count(*) = 0 FROM claims", "The claim is removed.", TimeSpan.FromSeconds(1));
        await keeper.StopAsync(Cancel);
    }

    [Fact]
    public async Task Claim_with_an_outcome_that_could_not_be_written_is_left_to_lapse()
    {
        using var keeper = Keeper();
        var (lost, written) = (await ClaimAsync(deliveries: 2), await ClaimAsync(deliveries: 1));
        keeper.Keep(lost, calls: 2);
        keeper.Keep(written, calls: 1);
        await keeper.StartAsync(Cancel);
        await EndLeasesAsync();

        keeper.Ended(lost, written: false);
        keeper.Ended(lost, written: true);
        keeper.Ended(written, written: true);
        await UntilAsync($"SELECT count(*) = 0 FROM claims WHERE claim_id = '{written}'", "The claim is removed.", Lease);
        await keeper.StopAsync(Cancel);

        Assert.Equal([$"{lost}"], await Database.ListAsync("SELECT claim_id FROM claims WHERE lapses_at < now() + interval '2 seconds'"));
    }

    [Fact]
    public async Task Claim_that_was_just_made_needs_no_renewal()
    {
        using var keeper = Keeper();
        var old = await ClaimAsync(deliveries: 1);
        keeper.Keep(old, calls: 1);
        _time.Advance(Lease);
        var young = await ClaimAsync(deliveries: 1);
        keeper.Keep(young, calls: 1);
        await EndLeasesAsync();
        await keeper.StartAsync(Cancel);

        await UntilAsync(
            "SELECT count(*) > 0 FROM claims WHERE lapses_at > now() + interval '50 seconds'",
            "The lease is renewed.",
            TimeSpan.FromSeconds(1),
            () => keeper.Keep(young, calls: 1)
        );
        await keeper.StopAsync(Cancel);

        Assert.Equal([$"{old}"], await Database.ListAsync("SELECT claim_id FROM claims WHERE lapses_at > now() + interval '50 seconds'"));
    }

    private ClaimKeeper Keeper() =>
        new(Database.Source, Options.Create(new DeliveryOptions { Lease = Lease }), _time, NullLogger<ClaimKeeper>.Instance);

    private async Task<Guid> ClaimAsync(int deliveries)
    {
        var keys = new List<DeliveryKey>();
        for (var i = 0; i < deliveries; i++)
            keys.Add(await Database.AddDeliveryAsync("queued"));
        var claim = Guid.NewGuid();
        await Store.ClaimAsync(keys, Lease, Cancel, claim);
        return claim;
    }

    private Task EndLeasesAsync() => Database.ExecuteAsync("UPDATE claims SET lapses_at = now() + interval '1 second'");

    private Task UntilAsync(string sql, string what, TimeSpan step, Action? before = null) =>
        Until.GetAsync(
            async () =>
            {
                before?.Invoke();
                _time.Advance(step);
                return await Database.ScalarAsync<bool>(sql) ? "" : null;
            },
            _ => what,
            Cancel
        );
}
