namespace Notify.Tests.Distributed.Faults;

/// <summary>A provider is down altogether for a long time, then heals. What expires meanwhile is expired, the rest is sent.</summary>
[Collection(FaultTests.Name)]
public sealed class F19OutageTests(FaultApp app, ITestOutputHelper output)
{
    private static readonly TimeSpan s_full = TimeSpan.FromMinutes(60);
    private static readonly TimeSpan s_scaled = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);   // retries come at a provider slowly

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F19", quick: false)]
    public async Task What_is_still_wanted_after_an_outage_is_sent_and_the_rest_has_expired()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F19", 60);
        var length = FaultSettings.Full ? s_full : s_scaled;
        await run.Sandbox.MisbehaveAsync(new { provider = "twilio", status = 503 }, Cancel);

        var shortLived = (int)(length / 3).TotalSeconds;
        var parcels = Enumerable.Range(0, run.Count).Select(index => index % 3 == 0 ? ShortLived(run, shortLived) : Parcel.Sms(run.Category)).ToArray();
        var expiring = parcels.Where((_, index) => index % 3 == 0).Select(parcel => parcel.Address).ToHashSet();
        await run.Load.PostBatchesAsync(parcels, 100, Cancel);
        await Task.Delay(length, Cancel);
        var callsDuring = (await run.Accounting.RowsAsync(Cancel)).Sum(row => row.Calls);
        await run.Sandbox.BehaveAsync("twilio", null, Cancel);
        run.FaultEnded();
        await run.Load.PostBatchesAsync([Parcel.Sms(run.Category)], 1, Cancel);   // who has one call left waits for somebody else's to go well
        var balance = await run.EndAsync(end =>
        [
            ("expired", end.Rows.Count(row => row.State == "expired")), ("dead", end.Rows.Count(row => row.State == "dead")), ("callsDuring", callsDuring), ("peakPerSecond", Peak(end)),
            ("scale", $"{length / s_full:0.000}"),
        ], s_patience);

        Assert.Equal(0, balance.Duplicates);
        Assert.All(balance.Rows, row => Assert.Equal(expiring.Contains(row.Address!) ? "expired" : "sent", row.State));
    }

    private static Parcel ShortLived(FaultRun run, int seconds)
    {
        var phone = Requests.NewPhone();
        return new Parcel("sms", phone, Requests.Sms(phone, run.Category, seconds));
    }

    /// <summary>Messages that the provider took in the busiest second after it healed.</summary>
    private static int Peak(Balance balance) => balance.Rows.Where(row => row.SentAt is not null).GroupBy(row => row.SentAt!.Value.ToUnixTimeSeconds()).Select(second => second.Count()).DefaultIfEmpty().Max();
}
