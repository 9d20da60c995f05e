using Notify.Tests.Support;

namespace Notify.Tests.Distributed.Faults;

/// <summary>One provider hangs, and the other channels are measured beside it.</summary>
[Collection(FaultTests.Name)]
public sealed class F08HangTests(FaultApp app, ITestOutputHelper output)
{
    private static readonly TimeSpan s_full = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_scaled = TimeSpan.FromSeconds(6);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F08", quick: false)]
    public async Task A_provider_that_hangs_stays_alone_with_it()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F08", 400);
        var call = FaultSettings.Full ? s_full : s_scaled;
        var (texts, mails) = (Enumerable.Range(0, run.Count).Select(_ => Parcel.Sms(run.Category)).ToArray(), run.Emails());
        var plain = await run.LatencyAsync(texts[..(run.Count / 2)], Cancel);

        await run.Sandbox.MisbehaveAsync(new { provider = "smtp", latencyMs = (int)call.TotalMilliseconds }, Cancel);
        await run.Load.PostBatchesAsync(mails, 100, Cancel);
        await Until.GetAsync(async () => await run.Accounting.InStateAsync(Cancel, "sending") > 0 ? "" : null, _ => "mails hang", Cancel);
        var beside = await run.LatencyAsync(texts[(run.Count / 2)..], Cancel);
        var hanging = await run.Accounting.InStateAsync(Cancel, "sending", "queued", "waiting");
        await run.Sandbox.BehaveAsync("smtp", null, Cancel);
        run.FaultEnded();
        var balance = await run.EndAsync(
            ("p99plain", $"{plain.P99:0}ms"),
            ("p99beside", $"{beside.P99:0}ms"),
            ("ratio", Math.Round(beside.P99 / plain.P99, 2)),
            ("hanging", hanging),
            ("scale", $"{call / s_full:0.00}")
        );

        Assert.True(hanging > 0, "Nothing hung while the other channel was measured.");
        Assert.All(balance.Rows.Where(row => row.Channel == "sms"), row => Assert.Equal("sent", row.State));
        // A second mail only behind a call that was given up on: it is on the row.
        Assert.All(balance.Rows, row => Assert.True(balance.Arrived.GetValueOrDefault(row.Address!) <= Math.Max(1, row.Calls)));
    }
}
