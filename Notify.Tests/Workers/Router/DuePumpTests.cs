using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Notify.Core.Deliveries;
using Notify.Core.Providers;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Notify.Workers.Router;
using Notify.Workers.Router.Release;
using Notify.Workers.Router.Shares;

namespace Notify.Tests.Workers.Router;

/// <summary>The pump as it runs: retries at once, claims past their lease when Postgres has answered for long enough.</summary>
public sealed class DuePumpTests(PostgresServer server) : RouterTests(server)
{
    private const string Past = "now() - interval '1 second'";
    private const string LongPast = "now() - interval '1 minute'";

    [Theory]
    [InlineData(0)]
    [InlineData(3)] // more than the gap that would begin it anew: what the pump sees itself must count
    public async Task Claim_past_its_lease_is_released_once_Postgres_has_settled(int settlingSeconds)
    {
        await Database.AddDeliveryAsync("waiting", Past);
        await Database.AddDeliveryAsync("sending", LongPast);
        using var pump = await StartAsync(TimeSpan.FromSeconds(settlingSeconds));

        await QueuedAsync(2);

        await pump.StopAsync(Cancel);
        Assert.Equal(2, Broker.Read("deliveries.sms.standard").Count);
    }

    [Fact]
    public async Task Retries_do_not_wait_for_that()
    {
        await Database.AddDeliveryAsync("sending", LongPast);
        using var pump = await StartAsync(TimeSpan.FromHours(1));

        for (var round = 1; round <= 3; round++) // each of them a look that passes the older claim over
        {
            await Database.AddDeliveryAsync("waiting", Past);
            await QueuedAsync(round);
        }

        await pump.StopAsync(Cancel);
        Assert.Equal(1L, await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE state = 'sending'"));
    }

    [Fact]
    public async Task Turns_of_many_tenants_are_several_transactions()
    {
        for (var tenant = 0; tenant < 2 * RoundLimits.Tenants; tenant++)
            await Database.AddDeliveryAsync("waiting", "now() + interval '1 day'", tenant: $"t{tenant}");
        await Database.ExecuteAsync("UPDATE deliveries SET reason = 'share'");
        var options = Options.Create(new RouterOptions { MinShare = 1 }); // with larger shares it is the rows that end a round
        var shares = new TenantShares(options);
        var (queued, waiting, weights) = await new ShareStore(Database.Source, Days).CountAsync(Cancel);
        shares.BeginCount()(queued, waiting, weights);
        using var pump = await StartAsync(TimeSpan.Zero, shares);

        await QueuedAsync(2 * RoundLimits.Tenants);

        await pump.StopAsync(Cancel);
        Assert.Equal(2L, await Database.ScalarAsync<long>("SELECT count(DISTINCT xmin::text) FROM deliveries"));
    }

    private async Task<DuePump> StartAsync(TimeSpan settlingTime, TenantShares? shares = null)
    {
        var options = Options.Create(new RouterOptions { SettlingTime = settlingTime });
        var store = new Releaser(
            Database.Source,
            new(Database.Source, TimeProvider.System),
            new(),
            Days,
            Deliveries(Broker.Producer),
            Metrics,
            TimeProvider.System,
            NullLogger<Releaser>.Instance
        );
        var pump = new DuePump(
            store,
            new(options, TimeProvider.System),
            shares ?? new(options),
            new ProviderStatusStore(Database.Source),
            options,
            TimeProvider.System,
            NullLogger<DuePump>.Instance
        );
        await pump.StartAsync(Cancel);
        return pump;
    }

    private Task QueuedAsync(int count) =>
        Until.GetAsync(
            async () => await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE state = 'queued'") == count ? "" : null,
            _ => $"{count} deliveries are queued.",
            Cancel
        );
}
