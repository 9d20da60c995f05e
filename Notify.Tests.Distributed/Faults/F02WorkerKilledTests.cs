using Notify.Tests.Support;

namespace Notify.Tests.Distributed.Faults;

/// <summary>A worker is killed while providers have taken messages whose state it has not written yet.</summary>
[Collection(FaultTests.Name)]
public sealed class F02WorkerKilledTests(FaultApp app, ITestOutputHelper output)
{
    private const int LatencyMs = 400;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F02")]
    public async Task Nothing_is_lost_and_at_most_what_was_in_flight_comes_twice()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F02", 400);
        await run.Sandbox.MisbehaveAsync(new { provider = "smtp", latencyMs = LatencyMs }, Cancel); // taken first, answered later

        await run.Load.PostBatchesAsync(run.Emails(), 100, Cancel);
        await Until.GetAsync(
            async () => await run.Accounting.InStateAsync(Cancel, "sending") > 0 ? "" : null,
            _ => "mails are on their way",
            Cancel
        );
        await Task.Delay(run.Moment(TimeSpan.FromMilliseconds(LatencyMs)), Cancel);
        var victim = run.Draw(run.Instances.Of("email"));
        await run.Instances.KillAsync(victim);
        var inFlight = await run.Accounting.InStateAsync(Cancel, "sending");
        await run.Instances.ReviveAsync(victim, Cancel);
        run.FaultEnded();
        await run.Sandbox.BehaveAsync("smtp", null, Cancel);
        var balance = await run.EndAsync(end =>
            [("inflight", inFlight), ("reclaimed", end.Rows.Count(row => row.Claims > 1)), ("lease", FaultApp.Lease)]
        );

        Assert.True(balance.Duplicates <= inFlight, $"{balance.Duplicates} came twice, {inFlight} were in flight.");
        // Each second message is on its row: a claim that ended with its process.
        Assert.All(balance.Rows, row => Assert.True(balance.Arrived.GetValueOrDefault(row.Address!) <= row.Claims));
    }
}
