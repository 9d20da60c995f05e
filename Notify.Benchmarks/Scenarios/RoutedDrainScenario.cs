using System.Globalization;
using Notify.Benchmarks.Reporting;
using Notify.Benchmarks.Running;
using Notify.Core.Channels;

namespace Notify.Benchmarks.Scenarios;

/// <summary>
/// What one tenant alone gets through Router, shares and pump: a backlog of accepted notifications, beside as many deliveries that stand in
/// the lane already, in turns.
/// </summary>
internal static class RoutedDrainScenario
{
    private const int WarmUp = 5_000;

    public static async Task RunAsync(ScenarioContext context, Channel channel, CancellationToken cancellationToken)
    {
        var count = context.Backlog(DrainScenario.DefaultCount);
        await using var system = await NotifySystem.StartAsync([], context.Options.Settings, cancellationToken);
        await using var sink = await DrainScenario.OpenSinkAsync(channel, cancellationToken);
        context.Report.Note("postgres", await DatabaseConditions.ReadAsync(system.Rows, cancellationToken));
        // Whoever is measured first must not pay for a broker that has only just started.
        await new DrainRun(context, system, channel, sink).RunAsync(Math.Min(count, WarmUp), probes: null, beside: null, cancellationToken);
        for (var round = 1; round <= context.Options.Rounds; round++)
        {
            var straight = await new DrainRun(context, system, channel, sink).RunAsync(
                count,
                probes: null,
                beside: null,
                cancellationToken
            );
            context.Report.Add(straight.ToMeasurement(context.Name, "straight from the lane", round));
            var (through, routing, released) = await new RoutedDrainRun(context, system, channel, sink).RunAsync(count, cancellationToken);
            context.Report.Add(through.ToMeasurement(context.Name, "through Router, shares and pump", round));
            context.Report.Add(
                Part(
                    context,
                    "of it, routing while the intake is full",
                    round,
                    "notifications",
                    routing.Timed,
                    routing.Seconds,
                    routing.Batches == 0 ? null : routing.Notifications / (double)routing.Batches
                )
            );
            context.Report.Add(
                Part(context, "of it, sending after all is routed", round, "deliveries", routing.SentAfter, routing.SecondsAfter, null)
            );
            context.Report.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  round {round}: {straight.Seconds / through.Seconds:0.00} of the rate straight from the lane; {released:#,0} of {count:#,0} deliveries waited for the tenant's share and were released"
                )
            );
            context.Report.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  round {round}: nothing came for {through.Standstill:0.0} of {through.Seconds:0.0} s; straight from the lane for {straight.Standstill:0.0} of {straight.Seconds:0.0} s"
                )
            );
        }
    }

    private static Measurement Part(
        ScenarioContext context,
        string subject,
        int round,
        string unit,
        long count,
        double seconds,
        double? rowsATransaction
    ) =>
        new()
        {
            Scenario = context.Name,
            Subject = subject,
            Round = round,
            Unit = unit,
            Count = count,
            Seconds = seconds,
            RowsATransaction = rowsATransaction,
        };
}
