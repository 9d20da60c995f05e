using System.Diagnostics;

namespace Notify.Tests.Distributed.Faults;

/// <summary>Everything waits after an outage, and is sent while new urgent messages come.</summary>
[Collection(FaultTests.Name)]
public sealed class F36BacklogTests(FaultApp app, ITestOutputHelper output)
{
    private const int Urgent = 100;
    private const int FullBacklog = 1_000_000;
    private const int Backlog = 3_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(FaultSettings.Full ? 90 : 10);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F36", quick: false)]
    public async Task A_backlog_drains_whole_and_once()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F36", FaultSettings.Full ? FullBacklog : Backlog);
        var workers = run.Instances.Of("email");
        var backlog = Enumerable.Range(0, run.Count).Select(_ => Parcel.Email(run.Category, priority: "low")).ToArray();
        foreach (var worker in workers)
            await run.Instances.StopAsync(worker, Cancel);
        await run.Load.PostBatchesAsync(backlog, 500, Cancel);
        foreach (var worker in workers)
            await run.Instances.StartAsync(worker, Cancel);
        await run.Instances.HealthyAsync(["email"], Cancel);
        run.FaultEnded();
        var (started, before) = (Stopwatch.GetTimestamp(), await run.Accounting.InStateAsync(Cancel, "sent"));
        var urgent = await run.LatencyAsync(
            [.. Enumerable.Range(0, Urgent).Select(_ => Parcel.Email(run.Category, priority: "critical"))],
            Cancel
        );
        await run.Accounting.DrainAsync([.. run.Load.Accepted.Keys], started, s_patience, Cancel);
        var rate = (run.Count + Urgent - before) / Stopwatch.GetElapsedTime(started).TotalSeconds;
        var balance = await run.EndAsync(
            ("drainPerSecondPerWorker", Math.Round(rate / workers.Count)),
            ("urgentP50", $"{urgent.P50:0}ms"),
            ("urgentP99", $"{urgent.P99:0}ms"),
            ("scale", $"{run.Count / (double)FullBacklog:0.000}")
        );

        Assert.Equal(0, balance.Duplicates);
        Assert.All(balance.Rows, row => Assert.Equal("sent", row.State));
    }
}
