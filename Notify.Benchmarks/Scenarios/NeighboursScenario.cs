using System.Diagnostics;
using System.Globalization;
using Notify.Benchmarks.Load;
using Notify.Benchmarks.Reporting;
using Notify.Benchmarks.Running;
using Notify.Benchmarks.Seeding;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Benchmarks.Scenarios;

/// <summary>
/// One tenant posts a mail each 25 ms through the whole system, first alone, then while another one posts a hundred times as many to the
/// same lane: how late the first one's mails are, in turns.
/// </summary>
internal static class NeighboursScenario
{
    public const string Alone = "quiet tenant alone";
    public const string Beside = "quiet tenant beside one at 100 ×";
    private const int DefaultCount = 300;
    private const int Times = 100;
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var count = LaneProbes.WarmUpProbes + context.Samples(DefaultCount);
        await using var system = await NotifySystem.StartAsync(
            [Services.Api, Services.Router],
            context.Options.Settings,
            cancellationToken
        );
        await using var sink = new SmtpSink();
        await using var worker = WorkerProcess.Start(system, Channel.Email, sink);
        await worker.HealthyAsync(cancellationToken);
        using var client = new NotifyClient(system.Api, context.Options.Key, context.Time);
        using var noisy = await NoisyTenant.CreateAsync(system.Rows, system.Api, cancellationToken);
        // Nobody is to be measured beside services that have only just started.
        await BesideAsync(new(client, Lane.Standard, count), noisy, sink, count, cancellationToken);
        for (var round = 1; round <= context.Options.Rounds; round++)
        {
            await SeedTables.ClearAsync(system.Rows, cancellationToken);
            var alone = new LaneProbes(client, Lane.Standard, count);
            sink.Expect(0, alone.Arrivals);
            await alone.RunAsync(CancellationToken.None, cancellationToken);
            var quiet = alone.ToMeasurement(context.Name, Alone, round);
            context.Report.Add(quiet);
            var beside = new LaneProbes(client, Lane.Standard, count);
            var noise = await BesideAsync(beside, noisy, sink, count, cancellationToken);
            var measured = beside.ToMeasurement(context.Name, Beside, round);
            context.Report.Add(measured);
            context.Report.Add(noise with { Scenario = context.Name, Round = round });
            context.Report.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  round {round}: beside the other one the quiet tenant's p99 is {measured.Milliseconds?.P99 / quiet.Milliseconds?.P99:0.00} of what it is alone"
                )
            );
        }
    }

    private static async Task<Measurement> BesideAsync(
        LaneProbes quiet,
        NoisyTenant noisy,
        SmtpSink sink,
        int count,
        CancellationToken cancellationToken
    )
    {
        var noise = sink.Expect(Times * count, quiet.Arrivals);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            quiet.RunAsync(CancellationToken.None, cancellationToken),
            noisy.PostAsync(noise.Expected, () => Times * (1 + quiet.Posted), cancellationToken)
        );
        while (noise.Distinct < noise.Expected && Stopwatch.GetElapsedTime(started) < Late)
            await Task.Delay(Poll, cancellationToken);
        return new()
        {
            Scenario = "",
            Subject = "the other tenant",
            Round = 0,
            Unit = "mails",
            Count = noise.Distinct,
            Seconds = Stopwatch.GetElapsedTime(started, noise.Last).TotalSeconds,
            Faults = [.. noise.Faults()],
        };
    }
}
