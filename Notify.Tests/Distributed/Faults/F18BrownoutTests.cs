using System.Diagnostics;

namespace Notify.Tests.Distributed.Faults;

/// <summary>A provider answers half of its calls with an error and takes its time: retries must not make it worse.</summary>
[Collection(FaultTests.Name)]
public sealed class F18BrownoutTests(FaultApp app, ITestOutputHelper output)
{
    private const int PerSecond = 20;
    private const double AllowedDuring = 1.3;

    private static readonly TimeSpan s_full = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_scaled = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_latency = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F18", quick: false)]
    public async Task A_brownout_is_not_amplified()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F18", 0);
        var length = FaultSettings.Full ? s_full : s_scaled;
        var latency = FaultSettings.Full ? FaultApp.Lease / 3 : s_latency * (length / s_full);
        using var end = new CancellationTokenSource();
        var load = run.Load.StreamAsync(() => Parcel.Sms(run.Category), PerSecond, end.Token, Cancel);
        await Task.Delay(length / 4, Cancel);   // healthy before, as it is in life: what is overall

        var (before, started) = (await run.Accounting.RowsAsync(Cancel), Stopwatch.GetTimestamp());
        await run.Sandbox.MisbehaveAsync(new { provider = "twilio", status = 503, latencyMs = (int)latency.TotalMilliseconds, probability = 0.5 }, Cancel);
        TimeSpan? opened = null;
        while (Stopwatch.GetElapsedTime(started) < length)
        {
            if (opened is null && await IsOpenAsync(run))
                opened = Stopwatch.GetElapsedTime(started);
            await Task.Delay(TimeSpan.FromMilliseconds(200), Cancel);
        }
        var during = await run.Accounting.RowsAsync(Cancel);
        var ratio = (during.Sum(row => row.Calls) - before.Sum(row => row.Calls)) / (double)(during.Count - before.Count);
        await run.Sandbox.BehaveAsync("twilio", null, Cancel);
        run.FaultEnded();
        await Task.Delay(length, Cancel);
        await end.CancelAsync();
        await load;
        var balance = await run.EndAsync(end =>
        [
            ("amplificationDuring", Math.Round(ratio, 2)), ("amplification", Math.Round(end.Rows.Sum(row => row.Calls) / (double)end.Rows.Count, 2)),
            ("breakerOpensAfter", opened is { } after ? $"{after.TotalSeconds:0.0}s" : "never"), ("dead", end.Rows.Count(row => row.State == "dead")), ("scale", $"{length / s_full:0.00}"),
        ]);

        Assert.Equal(0, balance.Duplicates);
        Assert.True(ratio <= AllowedDuring, $"{ratio:0.00} calls a message during the brownout; {AllowedDuring} are allowed.");
        // How many calls a message costs overall depends on how much good time is counted with the bad: printed, not asserted.
    }

    private static async Task<bool> IsOpenAsync(FaultRun run) => (await run.Notify.QueryAsync(
        "SELECT 1 FROM provider_statuses WHERE channel = 'sms' AND state = 'open' AND reported_at > now() - interval '30 seconds' LIMIT 1", reader => reader.GetInt32(0), Cancel)).Count > 0;
}
