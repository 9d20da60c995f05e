using System.Diagnostics;

namespace Notify.Tests.Distributed.Faults;

/// <summary>Every service is asked to end, one after another, under load.</summary>
[Collection(FaultTests.Name)]
public sealed class F34TerminatedTests(FaultApp app, ITestOutputHelper output)
{
    private const int PerSecond = 60;
    private const int LatencyMs = 300;

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F34", quick: false)]
    public async Task An_orderly_end_loses_nothing_and_sends_nothing_twice()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F34", 0);
        foreach (var provider in new[] { "smtp", "fcm", "twilio" })
            await run.Sandbox.MisbehaveAsync(new { provider, latencyMs = LatencyMs }, Cancel);
        using var end = new CancellationTokenSource();
        var load = run.Load.StreamAsync(() => Parcel.Any(run.Category, run.Random), PerSecond, end.Token, Cancel);
        var took = new List<(string Service, double Seconds)>();

        foreach (var service in new[] { "email", "api", "push", "router" })
        {
            await Task.Delay(run.Moment(TimeSpan.FromSeconds(1)), Cancel);
            var victim = run.Instances.Of(service)[0];
            var started = Stopwatch.GetTimestamp();
            using (var process = await run.Instances.SignalAsync(victim, "TERM"))
                await process.WaitForExitAsync(Cancel).WaitAsync(s_grace, Cancel);
            took.Add((service, Stopwatch.GetElapsedTime(started).TotalSeconds));
            await run.Instances.ReviveAsync(victim, Cancel);
        }
        await run.Instances.HealthyAsync(Cancel);
        await end.CancelAsync();
        await load;
        run.FaultEnded();
        var balance = await run.EndAsync([.. took.Select(one => ($"{one.Service}Seconds", (object)Math.Round(one.Seconds, 1)))]);

        Assert.Equal(0, balance.Duplicates);
    }
}
