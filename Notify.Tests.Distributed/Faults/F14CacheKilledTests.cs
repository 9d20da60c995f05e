namespace Notify.Tests.Distributed.Faults;

/// <summary>
/// Redis is killed under load. The local server keeps nothing on disk, so that all of its writes are gone and not one second of them:
/// harder than the fault of the table.
/// </summary>
[Collection(FaultTests.Name)]
public sealed class F14CacheKilledTests(FaultApp app, ITestOutputHelper output)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F14")]
    public async Task Nothing_is_lost_with_the_cache()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F14", 500);
        var (parcels, redis) = (run.Mixed(), run.Instances.Single("redis"));

        var load = run.Load.PostEachAsync(parcels, 8, Cancel);
        await Task.Delay(run.Moment(TimeSpan.FromMilliseconds(500)), Cancel);
        await run.Instances.KillAsync(redis);
        await Task.Delay(run.Moment(TimeSpan.FromSeconds(1)), Cancel);
        await run.Instances.ReviveAsync(redis, Cancel);
        await load;
        // the same keys, which Redis may have forgotten; one further, most are at the process that did not have them
        await run.Load.PostEachAsync(parcels.Skip(1).Take(50), 8, Cancel);
        run.FaultEnded();
        var balance = await run.EndAsync(("refused", run.Load.Refused), ("broken", run.Load.Broken));

        Assert.Equal(0, balance.Duplicates); // Postgres knows the keys too
        Assert.All(parcels, parcel => Assert.Equal(1, balance.Arrived[parcel.Address]));
    }
}
