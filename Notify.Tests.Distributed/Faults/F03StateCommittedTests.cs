using Notify.Tests.Support;

namespace Notify.Tests.Distributed.Faults;

/// <summary>A worker is killed after the states are committed and before its offsets are: the records are read again.</summary>
[Collection(FaultTests.Name)]
public sealed class F03StateCommittedTests(FaultApp app, ITestOutputHelper output)
{
    private static readonly TimeSpan s_commitInterval = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F03")]
    public async Task Records_that_are_read_again_are_not_sent_again()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F03", 200);
        var push = run.Instances.Single("push");
        var parcels = Enumerable.Range(0, run.Count).Select(_ => Parcel.Push(run.Category)).ToArray();

        await Task.Delay(run.Moment(s_commitInterval), Cancel);
        await run.Load.PostBatchesAsync(parcels, 200, Cancel);
        await Until.GetAsync(
            async () => await run.Accounting.InStateAsync(Cancel, "sent") == parcels.Length ? "" : null,
            _ => "all are sent",
            Cancel
        );
        await run.Instances.KillAsync(push);
        var replayed = new Groups(run.Notify.Kafka).Behind("notify.push.standard", "deliveries.push.standard");
        await run.Instances.ReviveAsync(push, Cancel);
        await run.Instances.HealthyAsync(["push"], Cancel);
        run.FaultEnded();
        await Until.GetAsync(
            () => Task.FromResult(new Groups(run.Notify.Kafka).Behind("notify.push.standard", "deliveries.push.standard") == 0 ? "" : null),
            _ => "the records are read again",
            Cancel
        );
        var balance = await run.EndAsync(("replayed", replayed));

        Assert.Equal(0, balance.Duplicates);
        Assert.All(balance.Rows, row => Assert.Equal(("sent", 1, 1), (row.State, row.Claims, row.Calls)));
    }
}
