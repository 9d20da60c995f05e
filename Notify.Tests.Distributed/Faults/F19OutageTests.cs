using System.Diagnostics;
using Notify.Tests.Support;

namespace Notify.Tests.Distributed.Faults;

/// <summary>A provider with a rate limit is down altogether for a long time, then heals. What expires meanwhile is expired; the rest is
/// sent, no faster than the limit allows.</summary>
[Collection(FaultTests.Name)]
public sealed class F19OutageTests(ITestOutputHelper output)
{
    private const int PerSecond = 20;
    private const int Burst = 20;
    private const int Backlog = 300; // left to itself it would be gone in two or three seconds

    private static readonly TimeSpan s_full = TimeSpan.FromMinutes(60);
    private static readonly TimeSpan s_scaled = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3); // retries come at a provider slowly

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F19", quick: false)]
    public async Task What_is_still_wanted_after_an_outage_is_sent_at_the_providers_rate_and_the_rest_has_expired()
    {
        await using var app = FaultApp.WithSmsRate(PerSecond, Burst);
        var notify = await app.ReadyAsync(Cancel);
        await using var instances = new Instances(notify.Application);
        await using var run = await FaultRun.StartAsync(notify, instances, output, "F19", 60);
        var length = FaultSettings.Full ? s_full : s_scaled;
        await run.Sandbox.MisbehaveAsync(new { provider = "twilio", status = 503 }, Cancel);

        var shortLived = (int)(length / 3).TotalSeconds;
        var parcels = Enumerable
            .Range(0, run.Count)
            .Select(index => index % 3 == 0 ? ShortLived(run, shortLived) : Parcel.Sms(run.Category))
            .ToArray();
        var expiring = parcels.Where((_, index) => index % 3 == 0).Select(parcel => parcel.Address).ToHashSet();
        await run.Load.PostBatchesAsync(parcels, 100, Cancel);
        await Task.Delay(length, Cancel);
        var callsDuring = (await run.Accounting.RowsAsync(Cancel)).Sum(row => row.Calls);
        // At the end, so that all tries before fall to the few: who has one call left waits for somebody else's to go well.
        await run.Load.PostBatchesAsync(Enumerable.Range(0, Backlog).Select(_ => Parcel.Sms(run.Category)), 100, Cancel);
        await Until.GetAsync(
            async () => (await run.Accounting.RowsAsync(Cancel)).Count >= run.Count + Backlog ? "" : null,
            _ => "the backlog is routed",
            Cancel
        );
        var mark = await run.Sandbox.MarkAsync(Cancel);
        await run.Sandbox.BehaveAsync("twilio", null, Cancel);
        run.FaultEnded();
        await run.Accounting.DrainAsync([.. run.Load.Accepted.Keys], Stopwatch.GetTimestamp(), s_patience, Cancel);
        var peak = (await run.Sandbox.SinceAsync(mark, Cancel))
            .CountBy(message => message.At.ToUnixTimeSeconds())
            .Select(second => second.Value)
            .DefaultIfEmpty()
            .Max();
        var balance = await run.EndAsync(end =>
            [
                ("expired", end.Rows.Count(row => row.State == "expired")),
                ("dead", end.Rows.Count(row => row.State == "dead")),
                ("callsDuring", callsDuring),
                ("backlog", Backlog),
                ("peakPerSecond", peak),
                ("rate", PerSecond),
                ("burst", Burst),
                ("scale", $"{length / s_full:0.000}"),
            ]
        );

        Assert.Equal(0, balance.Duplicates);
        Assert.All(balance.Rows, row => Assert.Equal(expiring.Contains(row.Address!) ? "expired" : "sent", row.State));
        Assert.True(
            peak <= PerSecond + Burst,
            $"{peak} messages came in one second; {PerSecond} a second are allowed, and {Burst} at once."
        );
    }

    private static Parcel ShortLived(FaultRun run, int seconds)
    {
        var phone = Requests.NewPhone();
        return new Parcel("sms", phone, Requests.Sms(phone, run.Category, seconds));
    }
}
