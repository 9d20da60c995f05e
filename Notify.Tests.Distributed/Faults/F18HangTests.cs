using System.Diagnostics;

namespace Notify.Tests.Distributed.Faults;

/// <summary>
/// The first of a channel's two providers is well, and then answers nothing for a while: the second one takes over long before the first
/// calls time out.
/// </summary>
[Collection(FaultTests.Name)]
public sealed class F18HangTests(ITestOutputHelper output)
{
    private const int PerSecond = 20;
    private const double AllowedShare = 0.1;

    private static readonly TimeSpan s_well = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F18", quick: false)]
    public async Task A_provider_that_hangs_costs_little_with_another_beside_it()
    {
        await using var app = FaultApp.WithFallbacks();
        var notify = await app.ReadyAsync(Cancel);
        await using var instances = new Instances(notify.Application);
        await using var run = await FaultRun.StartAsync(notify, instances, output, "F18-hang", 0);
        using var end = new CancellationTokenSource();
        var load = run.Load.StreamAsync(() => Parcel.Sms(run.Category), PerSecond, end.Token, Cancel);
        await ProviderCalls.UntilTwilioSendsAsync(run, DateTimeOffset.UnixEpoch, Cancel);
        await Task.Delay(s_well, Cancel);

        var began = TimeProvider.System.GetUtcNow();
        await run.Sandbox.MisbehaveAsync(new { provider = "twilio", latencyMs = 60_000 }, Cancel);
        await Task.Delay(s_hang, Cancel);
        await run.Sandbox.BehaveAsync("twilio", null, Cancel);
        run.FaultEnded();
        var healed = TimeProvider.System.GetUtcNow();
        await ProviderCalls.UntilTwilioSendsAsync(run, healed, Cancel);
        await end.CancelAsync();
        await load;
        await run.Accounting.DrainAsync([.. run.Load.Accepted.Keys], Stopwatch.GetTimestamp(), s_patience, Cancel);

        var back = (await ProviderCalls.SentByTwilioAsync(run, healed, Cancel)).Min() - healed;
        var during = (await run.Accounting.RowsAsync(Cancel)).Where(row => row.AcceptedAt >= began && row.AcceptedAt < healed).ToList();
        var waits = during.Select(row => (row.SentAt!.Value - row.AcceptedAt).TotalSeconds).Order().ToList();
        var caught = during.Count(row => row.Calls > 1);
        var balance = await run.EndAsync(
            ("acceptedDuring", during.Count),
            ("caught", caught),
            ("inTwoSeconds", Math.Round(waits.Count(wait => wait < 2) / (double)waits.Count, 3)),
            ("medianWait", $"{waits[waits.Count / 2]:0.00}s"),
            ("p99Wait", $"{waits[waits.Count * 99 / 100]:0.0}s"),
            ("backAfter", back)
        );

        Assert.True(balance.Duplicates <= caught, $"{balance.Duplicates} came twice, {caught} calls had no answer.");
        Assert.All(balance.Rows, row => Assert.Equal("sent", row.State));
        Assert.True(
            caught <= AllowedShare * during.Count,
            $"{caught} of the {during.Count} messages that were accepted while the provider hung waited for it; a tenth of them may."
        );
    }
}
