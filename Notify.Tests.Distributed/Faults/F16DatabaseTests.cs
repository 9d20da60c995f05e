using Npgsql;

namespace Notify.Tests.Distributed.Faults;

/// <summary>Postgres restarts, stays away, makes everybody wait for a lock or has no room left, under load. (Its failover needs a standby,
/// which the application does not have.)</summary>
[Collection(FaultTests.Name)]
public sealed class F16DatabaseTests(FaultApp app, ITestOutputHelper output)
{
    private const int PerSecond = 60;
    private const int LatencyMs = 100;

    private static readonly TimeSpan s_away = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_locked = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_scaled = TimeSpan.FromSeconds(6);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F16")]
    public Task A_restart_loses_nothing() => SurviveAsync("restart", async (run, postgres) =>
        {
            await run.Instances.ReviveAsync(postgres, Cancel);
            await run.Instances.HealthyAsync(["postgres"], Cancel);
            return "1";
        });

    [FaultFact("F16", quick: false)]
    public Task An_absence_loses_nothing_and_accepting_goes_on() => SurviveAsync("away", async (run, postgres) =>
        {
            var length = FaultSettings.Full ? s_away : s_scaled;
            await run.Instances.StopAsync(postgres, Cancel);
            var before = run.Load.Accepted.Count;
            await Task.Delay(length, Cancel);
            Assert.True(run.Load.Accepted.Count > before, "Nothing was accepted while Postgres was away.");
            await run.Instances.StartAsync(postgres, Cancel);
            await run.Instances.HealthyAsync(["postgres"], Cancel);
            return $"{length / s_away:0.00}";
        });

    [FaultFact("F16", quick: false)]
    public Task A_lock_that_is_held_loses_nothing() => SurviveAsync("locked", async (run, _) =>
        {
            var length = FaultSettings.Full ? s_locked : s_scaled;
            await using var connection = await run.Notify.Database.OpenConnectionAsync(Cancel);
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            await using var take = new NpgsqlCommand("LOCK TABLE deliveries IN ACCESS EXCLUSIVE MODE", connection);
            await take.ExecuteNonQueryAsync(Cancel);
            await Task.Delay(length, Cancel);
            await transaction.RollbackAsync(Cancel);
            return $"{length / s_locked:0.00}";
        });

    [FaultFact("F16")]
    public Task A_disk_that_is_full_loses_nothing() => SurviveAsync("full", async (run, _) =>
        {
            var length = FaultSettings.Full ? s_away : s_scaled;
            await using var disk = await FullDisk.BeginAsync(run.Notify.Database, Cancel);
            var before = run.Load.Accepted.Count;
            await Task.Delay(length, Cancel);
            Assert.True(run.Load.Accepted.Count > before, "Nothing was accepted while the disk was full.");
            Assert.True(await disk.RefusedAsync(Cancel) > 0, "Nobody met the full disk.");
            return $"{length / s_away:0.00}";
        });

    private async Task SurviveAsync(string kind, Func<FaultRun, string, Task<string>> injectAsync)
    {
        await using var run = await FaultRun.StartAsync(app, output, $"F16-{kind}", 0);
        foreach (var provider in new[] { "smtp", "fcm", "twilio" })
            await run.Sandbox.MisbehaveAsync(new { provider, latencyMs = LatencyMs }, Cancel);
        using var end = new CancellationTokenSource();
        var load = run.Load.StreamAsync(() => Parcel.Any(run.Category, run.Random), PerSecond, end.Token, Cancel);
        await Task.Delay(TimeSpan.FromSeconds(1) + run.Moment(TimeSpan.FromSeconds(1)), Cancel);

        var inFlight = await run.Accounting.InStateAsync(Cancel, "sending");
        var scale = await injectAsync(run, run.Instances.Single("postgres"));
        run.FaultEnded();
        await Task.Delay(TimeSpan.FromSeconds(1), Cancel);
        await end.CancelAsync();
        await load;
        var balance = await run.EndAsync(end =>
            [("scale", scale), ("reclaimed", end.Rows.Count(row => row.Claims > 1)), ("inflight", inFlight), ("refused", run.Load.Refused)]
        );

        // A second message only where a claim outlived its lease while its outcome could not be written: it is on the row.
        Assert.All(balance.Rows, row => Assert.True(balance.Arrived.GetValueOrDefault(row.Address!) <= row.Claims));
    }
}
