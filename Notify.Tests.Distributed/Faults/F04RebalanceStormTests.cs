using System.Diagnostics;

namespace Notify.Tests.Distributed.Faults;

/// <summary>A worker comes or goes every few seconds under load, now in good order and now by a crash.</summary>
[Collection(FaultTests.Name)]
public sealed class F04RebalanceStormTests(FaultApp app, ITestOutputHelper output)
{
    private const int PerSecond = 40;

    private static readonly TimeSpan s_full = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_scaled = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F04", quick: false)]
    public async Task Nothing_is_lost_while_workers_come_and_go()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F04", 0);
        var length = FaultSettings.Full ? s_full : s_scaled;
        using var end = new CancellationTokenSource();
        var load = run.Load.StreamAsync(() => Parcel.Email(run.Category), PerSecond, end.Token, Cancel);
        var started = Stopwatch.GetTimestamp();
        var (changes, crashes, inFlight, gone) = (0, 0, 0, (string?)null);

        while (Stopwatch.GetElapsedTime(started) < length)
        {
            await Task.Delay(s_interval, Cancel);
            changes++;
            if (gone is not null)
            {
                await run.Instances.ReviveAsync(gone, Cancel);
                gone = null;
                continue;
            }
            gone = run.Draw(run.Instances.Of("email"));
            if (run.Random.Next(2) == 0)
            {
                await run.Instances.StopAsync(gone, Cancel);
                continue;
            }
            await run.Instances.KillAsync(gone);
            inFlight += await run.Accounting.InStateAsync(Cancel, "sending");
            crashes++;
            await run.Instances.StopAsync(gone, Cancel); // the host shall not start it by itself
        }
        await end.CancelAsync();
        await load;
        if (gone is not null)
            await run.Instances.ReviveAsync(gone, Cancel);
        run.FaultEnded();
        var balance = await run.EndAsync(result =>
            [
                ("changes", changes),
                ("crashes", crashes),
                ("inflight", inFlight),
                ("scale", $"{length / s_full:0.00}"),
                ("dupPer100k", Math.Round(result.Duplicates * 100_000.0 / result.Accepted)),
            ]
        );

        Assert.True(balance.Duplicates <= inFlight, $"{balance.Duplicates} came twice, {inFlight} were in flight at {crashes} crashes.");
    }
}
