namespace Notify.Tests.Distributed.Faults;

/// <summary>The API is killed at any moment of its answers; its clients ask again under the same key, at whichever process
/// answers.</summary>
[Collection(FaultTests.Name)]
public sealed class F01ApiKilledTests(FaultApp app, ITestOutputHelper output)
{
    private const int Parallel = 16;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F01")]
    public async Task Nothing_accepted_is_lost_and_nothing_asked_twice_is_sent_twice()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F01", 1_000);
        var parcels = run.Mixed();
        var kills = 0;

        var load = run.Load.PostEachAsync(parcels, Parallel, Cancel);
        while (!load.IsCompleted)
        {
            await Task.Delay(run.Moment(TimeSpan.FromMilliseconds(400)), Cancel);
            var victim = run.Draw(run.Instances.Of("api"));
            if (run.Instances.ProcessOf(victim) is null)
                continue;
            await run.Instances.KillAsync(victim);
            await run.Instances.ReviveAsync(victim, Cancel);
            kills++;
            await Task.WhenAny(load, run.Instances.HealthyAsync(["api"], Cancel));
        }
        await load;
        run.FaultEnded();
        var balance = await run.EndAsync(("kills", kills), ("broken", run.Load.Broken), ("refused", run.Load.Refused));

        Assert.Equal(0, balance.Duplicates);
        Assert.Equal(
            parcels.Length,
            balance.Arrived.Keys.Intersect(parcels.Select(parcel => parcel.Address), StringComparer.OrdinalIgnoreCase).Count()
        );
        Assert.All(balance.Rows.Where(row => row.State != "skipped").GroupBy(row => row.Address), same => Assert.Single(same));
    }
}
