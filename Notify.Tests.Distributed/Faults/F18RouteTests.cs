using System.Diagnostics;
using System.Globalization;
using Notify.Tests.Support;
using Npgsql;

namespace Notify.Tests.Distributed.Faults;

/// <summary>The first of a channel's two providers fails half of its calls, then hangs, then says wait, and heals: the second one takes
/// over, and the first comes back gently.</summary>
[Collection(FaultTests.Name)]
public sealed class F18RouteTests(ITestOutputHelper output)
{
    private const int PerSecond = 20;
    private const double AllowedCalls = 1.3;

    private static readonly TimeSpan s_full = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_scaled = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_allowedHandover = TimeSpan.FromSeconds(30);

    private static readonly (string Name, object Behaviour)[] s_phases =
    [
        (
            "halved",
            new
            {
                provider = "twilio",
                status = 503,
                probability = 0.5,
            }
        ),
        ("hanging", new { provider = "twilio", latencyMs = 60_000 }),
        (
            "throttled",
            new
            {
                provider = "twilio",
                status = 429,
                code = "20429",
                retryAfter = 5,
            }
        ),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F18", quick: false)]
    public async Task Another_provider_takes_over_whatever_ails_the_first()
    {
        await using var app = FaultApp.WithFallbacks();
        var notify = await app.ReadyAsync(Cancel);
        await using var instances = new Instances(notify.Application);
        await using var run = await FaultRun.StartAsync(notify, instances, output, "F18-route", 0);
        var length = FaultSettings.Full ? s_full : s_scaled;
        using var end = new CancellationTokenSource();
        var load = run.Load.StreamAsync(() => Parcel.Sms(run.Category), PerSecond, end.Token, Cancel);
        await ProviderCalls.UntilTwilioSendsAsync(run, DateTimeOffset.MinValue, Cancel);

        var began = new List<DateTimeOffset>();
        foreach (var (_, behaviour) in s_phases)
        {
            began.Add(TimeProvider.System.GetUtcNow());
            await run.Sandbox.MisbehaveAsync(behaviour, Cancel);
            await Task.Delay(length, Cancel);
        }
        await run.Sandbox.BehaveAsync("twilio", null, Cancel);
        run.FaultEnded();
        var healed = TimeProvider.System.GetUtcNow();
        began.Add(healed);
        await ProviderCalls.UntilTwilioSendsAsync(run, healed, Cancel);
        var back = TimeProvider.System.GetUtcNow() - healed;
        await Task.Delay(length, Cancel);
        await end.CancelAsync();
        await load;

        await run.Accounting.DrainAsync([.. run.Load.Accepted.Keys], Stopwatch.GetTimestamp(), s_patience, Cancel);
        var (rows, calls) = (await run.Accounting.RowsAsync(Cancel), await ProviderCalls.OfAsync(run, Cancel));
        var phases = s_phases
            .Select((phase, index) => (phase.Name, Figures: Figures(rows, calls, began[index], began[index + 1])))
            .ToList();
        var amplification = phases.Sum(phase => phase.Figures.Calls) / (double)phases.Sum(phase => phase.Figures.Messages);
        var answersLost = calls.Count(call => call.Outcome == "ambiguous");
        var before = Peak(calls.Where(call => call.At < healed));
        var after = Peak(calls.Where(call => call.Provider == "twilio" && call.At >= healed));
        var balance = await run.EndAsync([
            ("answersLost", answersLost),
            ("amplification", Math.Round(amplification, 2)),
            .. phases.Select(phase =>
                (
                    phase.Name,
                    (object)
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{phase.Figures.Ratio:0.00} calls, slowest {phase.Figures.Slowest.TotalSeconds:0.0}s"
                        )
                )
            ),
            ("backAfter", back),
            ("peakPerSecondBefore", before),
            ("peakPerSecondAfter", after),
            ("perSecond", PerSecond),
            ("scale", $"{length / s_full:0.00}"),
        ]);

        Assert.True(balance.Duplicates <= answersLost, $"{balance.Duplicates} came twice, {answersLost} calls had no answer.");
        Assert.All(balance.Rows, row => Assert.Equal("sent", row.State));
        Assert.True(
            amplification <= AllowedCalls,
            $"{amplification:0.00} calls a message while the first provider was bad; {AllowedCalls} are allowed."
        );
        Assert.All(phases, phase => Assert.InRange(phase.Figures.Slowest, TimeSpan.Zero, s_allowedHandover));
        Assert.InRange(after, 0, 2 * PerSecond);
    }

    /// <summary>What the messages accepted in a phase cost, and how long the slowest of them took to be handed over to either
    /// provider.</summary>
    private static (int Messages, int Calls, double Ratio, TimeSpan Slowest) Figures(
        IReadOnlyList<DeliveryRow> rows,
        IReadOnlyList<ProviderCall> calls,
        DateTimeOffset from,
        DateTimeOffset to
    )
    {
        var messages = rows.Where(row => row.AcceptedAt >= from && row.AcceptedAt < to && row.SentAt is not null)
            .ToDictionary(row => row.Notification);
        var made = calls.Count(call => messages.ContainsKey(call.Notification));
        return (messages.Count, made, made / (double)messages.Count, messages.Values.Max(row => row.SentAt!.Value - row.AcceptedAt));
    }

    /// <summary>Calls in the busiest second.</summary>
    private static int Peak(IEnumerable<ProviderCall> calls) =>
        calls.CountBy(call => call.At.ToUnixTimeSeconds()).Select(second => second.Value).DefaultIfEmpty().Max();
}
