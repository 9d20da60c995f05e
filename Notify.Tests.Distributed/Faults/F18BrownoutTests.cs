using System.Diagnostics;
using Npgsql;

namespace Notify.Tests.Distributed.Faults;

/// <summary>A provider answers half of its calls with an error and takes its time: retries must not make it worse.</summary>
[Collection(FaultTests.Name)]
public sealed class F18BrownoutTests(FaultApp app, ITestOutputHelper output)
{
    private const int PerSecond = 20;
    private const double AllowedDuring = 1.3;

    private static readonly TimeSpan s_opensWithin = TimeSpan.FromSeconds(30); // at either length
    private static readonly TimeSpan s_full = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_scaled = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_latency = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F18", quick: false)]
    public async Task A_brownout_is_not_amplified()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F18", 0);
        var length = FaultSettings.Full ? s_full : s_scaled;
        var latency = s_latency * (length / s_full);
        using var end = new CancellationTokenSource();
        var load = run.Load.StreamAsync(() => Parcel.Sms(run.Category), PerSecond, end.Token, Cancel);
        await Task.Delay(length / 4, Cancel); // healthy before, as it is in life: what is overall

        var (before, started, began) = (await run.Accounting.RowsAsync(Cancel), Stopwatch.GetTimestamp(), TimeProvider.System.GetUtcNow());
        await run.Sandbox.MisbehaveAsync(
            new
            {
                provider = "twilio",
                status = 503,
                latencyMs = (int)latency.TotalMilliseconds,
                probability = 0.5,
            },
            Cancel
        );
        TimeSpan? opened = null;
        while (Stopwatch.GetElapsedTime(started) < length)
        {
            opened ??= await OpenedAsync(run, began) - began;
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
                ("amplificationDuring", Math.Round(ratio, 2)),
                ("amplification", Math.Round(end.Rows.Sum(row => row.Calls) / (double)end.Rows.Count, 2)),
                ("breakerOpensAfter", opened is { } after ? $"{after.TotalSeconds:0.0}s" : "never"),
                ("dead", end.Rows.Count(row => row.State == "dead")),
                ("scale", $"{length / s_full:0.00}"),
            ]
        );

        Assert.Equal(0, balance.Duplicates);
        Assert.True(ratio <= AllowedDuring, $"{ratio:0.00} calls a message during the brownout; {AllowedDuring} are allowed.");
        Assert.True(
            opened <= s_opensWithin,
            $"The breaker opened after {opened?.TotalSeconds ?? double.NaN:0.0} s of the brownout; {s_opensWithin.TotalSeconds:0} s are allowed."
        );
        // How many calls a message costs overall depends on how much good time is counted with the bad: printed, not asserted.
    }

    /// <summary>Since when the breaker is open, where that is after the time given: what was before is no matter of this
    /// brownout.</summary>
    private static async Task<DateTimeOffset?> OpenedAsync(FaultRun run, DateTimeOffset after) =>
        (
            await run.Notify.QueryAsync(
                "SELECT since FROM provider_statuses WHERE channel = 'sms' AND state = 'open' AND since >= @after ORDER BY since LIMIT 1",
                reader => (DateTimeOffset?)reader.GetFieldValue<DateTimeOffset>(0),
                Cancel,
                new NpgsqlParameter("after", after)
            )
        ).SingleOrDefault();
}
