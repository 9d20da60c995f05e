namespace Notify.Tests.Distributed.Faults;

/// <summary>A provider takes longer than a consumer may stay silent for half of a lane's calls. (Were all of them as slow, it would count
/// as broken, and be tried by one call at a time.)</summary>
[Collection(FaultTests.Name)]
public sealed class F05LongCallTests(FaultApp app, ITestOutputHelper output)
{
    private static readonly TimeSpan s_call = FaultApp.MaxPollInterval + TimeSpan.FromSeconds(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F05", quick: false)]
    public async Task A_call_beyond_the_poll_interval_is_not_repeated()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F05", 300);
        await run.Sandbox.MisbehaveAsync(
            new
            {
                provider = "fcm",
                latencyMs = (int)s_call.TotalMilliseconds,
                times = run.Count / 2,
            },
            Cancel
        );
        var process = run.Instances.ProcessOf(run.Instances.Single("push"));

        await run.Load.PostBatchesAsync(Enumerable.Range(0, run.Count).Select(_ => Parcel.Push(run.Category)), 100, Cancel);
        run.FaultEnded();
        var balance = await run.EndAsync(
            ("call", s_call),
            ("maxPollInterval", FaultApp.MaxPollInterval),
            ("scale", $"{FaultApp.MaxPollInterval / TimeSpan.FromMinutes(5):0.00}"),
            ("samePid", process == run.Instances.ProcessOf(run.Instances.Single("push")))
        );

        Assert.Equal(0, balance.Duplicates);
        Assert.All(balance.Rows, row => Assert.Equal("sent", row.State));
    }
}
