namespace Notify.Tests.Distributed.Faults;

/// <summary>Redis is away for a long time; accepting and sending go on without it.</summary>
[Collection(FaultTests.Name)]
public sealed class F15CacheAwayTests(FaultApp app, ITestOutputHelper output)
{
    private const int PerSecond = 40;

    private static readonly TimeSpan s_full = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_scaled = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F15", quick: false)]
    public async Task Messages_are_accepted_and_sent_while_the_cache_is_away()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F15", 0);
        var (redis, length) = (run.Instances.Single("redis"), FaultSettings.Full ? s_full : s_scaled);

        await run.Instances.StopAsync(redis, Cancel);
        using var end = new CancellationTokenSource(length);
        await run.Load.StreamAsync(() => Parcel.Any(run.Category, run.Random), PerSecond, end.Token, Cancel);
        var acceptedAway = run.Load.Accepted.Count;
        var sentAway = await run.Accounting.InStateAsync(Cancel, "sent");
        var slowest = run.Load.FirstTryMilliseconds.DefaultIfEmpty().Max();
        await run.Instances.StartAsync(redis, Cancel);
        run.FaultEnded();
        var balance = await run.EndAsync(
            ("scale", $"{length / s_full:0.00}"),
            ("acceptedAway", acceptedAway),
            ("sentAway", sentAway),
            ("refused", run.Load.Refused),
            ("slowestAccept", $"{slowest:0}ms")
        );

        Assert.True(
            acceptedAway > 0 && run.Load.Refused == 0,
            $"{acceptedAway} were accepted and {run.Load.Refused} refused while Redis was away."
        );
        Assert.True(sentAway > 0, "Nothing was sent while Redis was away.");
        Assert.Equal(0, balance.Duplicates);
    }
}
