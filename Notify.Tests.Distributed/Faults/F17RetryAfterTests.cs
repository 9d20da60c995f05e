using System.Diagnostics;
using System.Globalization;

namespace Notify.Tests.Distributed.Faults;

/// <summary>A provider says when to come back, in seconds and as a date: nobody comes earlier.</summary>
[Collection(FaultTests.Name)]
public sealed class F17RetryAfterTests(FaultApp app, ITestOutputHelper output)
{
    private static readonly TimeSpan s_full = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_scaled = TimeSpan.FromSeconds(4);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F17")]
    public async Task No_call_comes_before_the_time_that_the_provider_named()
    {
        // The first call after a provider's rest meets the next recipient's 429: at full length each of them costs another minute.
        await using var run = await FaultRun.StartAsync(app, output, "F17", FaultSettings.Full ? 4 : 40);
        var wait = FaultSettings.Full ? s_full : s_scaled;
        var parcels = Enumerable
            .Range(0, run.Count)
            .Select(index => index % 2 == 0 ? Parcel.Sms(run.Category) : Parcel.Push(run.Category))
            .ToArray();
        var date = TimeProvider.System.GetUtcNow() + wait + TimeSpan.FromSeconds(2);
        date = date.AddTicks(-(date.Ticks % TimeSpan.TicksPerSecond)); // a date in a header has whole seconds
        var byDate = parcels.Where((_, index) => index % 4 >= 2).Select(parcel => parcel.Address).ToHashSet();
        foreach (var parcel in parcels)
        {
            object retryAfter = byDate.Contains(parcel.Address) ? date.ToString("R", CultureInfo.InvariantCulture) : (int)wait.TotalSeconds;
            await run.Sandbox.MisbehaveAsync(
                parcel.Channel == "sms"
                    ? new
                    {
                        provider = "twilio",
                        address = parcel.Address,
                        status = 429,
                        code = "20429",
                        retryAfter,
                        times = 1,
                    }
                    : new
                    {
                        provider = "fcm",
                        address = parcel.Address,
                        status = 429,
                        code = "QUOTA_EXCEEDED",
                        retryAfter,
                        times = 1,
                    },
                Cancel
            );
        }

        await run.Load.PostBatchesAsync(parcels, 100, Cancel);
        run.FaultEnded();
        await run.Accounting.DrainAsync(
            [.. run.Load.Accepted.Keys],
            Stopwatch.GetTimestamp(),
            (run.Count * wait) + TimeSpan.FromMinutes(1),
            Cancel
        );
        var early = new List<double>();
        foreach (var (id, parcel) in run.Load.Accepted)
        {
            var attempts = (await run.Notify.Api.WhenAllAreAsync(id, "sent", Cancel)).Deliveries.Single().Attempts;
            Assert.Equal(["throttled", "sent"], attempts.Select(attempt => attempt.Outcome));
            var notBefore = byDate.Contains(parcel.Address)
                ? date
                : attempts[0].At + TimeSpan.FromMilliseconds(attempts[0].Milliseconds) + wait;
            early.Add((notBefore - attempts[1].At).TotalMilliseconds);
        }
        var balance = await run.EndAsync(
            ("wait", wait),
            ("scale", $"{wait / s_full:0.00}"),
            ("earliestViolationMs", Math.Max(0, Math.Round(early.Max(), 1))),
            ("latestMs", Math.Round(-early.Min()))
        );

        Assert.Equal(0, balance.Duplicates);
        Assert.True(early.Max() <= 1, $"A call came {early.Max():0.0} ms before its time."); // the row's times have whole milliseconds
    }
}
