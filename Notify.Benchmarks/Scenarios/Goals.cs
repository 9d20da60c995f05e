using System.Globalization;
using Notify.Benchmarks.Reporting;
using Notify.Benchmarks.Running;
using Notify.Benchmarks.Scenarios.Layouts;
using Notify.Core.Notifications;

namespace Notify.Benchmarks.Scenarios;

/// <summary>What Notify is to cost and how fast it is to be, on two cores that carry everything; each with the scenario that measures
/// it.</summary>
/// <remarks>Longer than other files, because it is one table.</remarks>
internal static class Goals
{
    private const double Kilobyte = 1024;
    private static readonly string[] s_phases = ["insert", "claim", "settle"];

    /// <summary>The scenarios, in the order in which they run.</summary>
    public static IReadOnlyList<string> Scenarios { get; } =
    ["layouts", "drain-none", "route", "drain-push", "drain-email", "accept", "latency", "latency-drain", "neighbours", "memory"];

    public static IReadOnlyList<Goal> Of(IReadOnlyList<Measurement> measurements)
    {
        var known = new Medians(measurements);
        return
        [
            Rows(known),
            OwnCost(known, "drain-none", DrainScenario.IdleEmail, "worker"),
            OwnCost(known, "drain-none", DrainScenario.IdlePush, "worker"),
            Routing(known),
            Drain(known, "drain-push", DrainScenario.BarePush, "push", share: 0.7, perSecond: 15_000),
            Drain(known, "drain-push", DrainScenario.BareSdk, "push", share: 0.7, perSecond: 15_000),
            Drain(known, "drain-email", DrainScenario.BareMail, "email", share: 0.8, perSecond: null),
            Accept(known),
            ProduceRequests(known),
            Idle(known),
            Critical(known),
            Neighbours(known),
            Memory(known),
        ];
    }

    private static Goal Rows(Medians known)
    {
        double? Cpu(IRowLayout layout) => Sum(layout, one => one.Cpu.Known("postgres"));
        double? Sum(IRowLayout layout, Func<Measurement, double?> value) =>
            s_phases
                .Select(phase => known.Of("layouts", $"{layout.Name}: {phase}", value))
                .Aggregate((double?)0, (sum, more) => sum + more);
        var (now, before) = (new CurrentLayout(days: 1), new FormerLayout());
        var log = Sum(now, one => one.Figures.Known(Measurement.LogBytes));
        var ratio = Cpu(now) / Cpu(before);
        return new(
            "Postgres a delivery: insert, claim, settle",
            Text($"{Cpu(now):0.0} µs, {log:0} B of log (before {Cpu(before):0.0} µs)"),
            Text($"{ratio:0.00}"),
            "a third of before, 900 B",
            ratio is null ? null : ratio <= 1 / 3.0 && log <= 900
        );
    }

    private static Goal OwnCost(Medians known, string scenario, string subject, string process)
    {
        var cpu = known.Of(scenario, subject, one => one.Cpu.Known(process));
        var bytes = known.Of(scenario, subject, one => one.Allocated.Known(process)) / Kilobyte;
        var postgres = known.Of(scenario, subject, one => one.Cpu.Known("postgres"));
        var rate = known.Of(scenario, subject, one => one.PerSecond);
        return new(
            subject,
            Text($"{cpu:0.0} µs{Compiling(known, scenario, subject)}, {bytes:0.0} KB a delivery; Postgres {postgres:0.0} µs; {rate:#,0}/s"),
            "",
            "25 µs, 4 KB",
            cpu is null ? null : cpu <= 25 && bytes <= 4
        );
    }

    private static Goal Routing(Medians known)
    {
        var cpu = known.Of("route", DrainScenario.Ours, one => one.Cpu.Known(Services.Router));
        var bytes = known.Of("route", DrainScenario.Ours, one => one.Allocated.Known(Services.Router)) / Kilobyte;
        var rate = known.Of("route", DrainScenario.Ours, one => one.PerSecond);
        return new(
            "Router a notification of one recipient",
            Text($"{cpu:0.0} µs{Compiling(known, "route", DrainScenario.Ours)}, {bytes:0.0} KB; {rate:#,0}/s"),
            "",
            "50 µs, 6 KB",
            cpu is null ? null : cpu <= 50 && bytes <= 6
        );
    }

    private static Goal Drain(Medians known, string scenario, string bare, string process, double share, double? perSecond)
    {
        var (rate, cpu) = (
            known.Of(scenario, DrainScenario.Ours, one => one.PerSecond),
            known.Of(scenario, DrainScenario.Ours, one => one.Cpu.Known(process))
        );
        var (bareRate, bareCpu) = (known.Of(scenario, bare, one => one.PerSecond), known.Of(scenario, bare, one => one.Cpu.Known("loop")));
        var ratio = known.Ratio(scenario, DrainScenario.Ours, bare, one => one.PerSecond);
        return new(
            $"{scenario} beside a {bare}",
            Text($"{rate:#,0}/s, {cpu:0} µs beside {bareRate:#,0}/s, {bareCpu:0} µs"),
            Text($"{ratio:0.00}"),
            Text($"{share:0.0}{(perSecond is null ? "" : Text($", {perSecond:#,0}/s"))}"),
            ratio is null ? null : ratio >= share && (perSecond is null || rate >= perSecond)
        );
    }

    private static Goal Accept(Medians known)
    {
        var cpu = known.Of("accept", AcceptScenario.Notify, one => one.Cpu.Known(Services.Api));
        var bytes = known.Of("accept", AcceptScenario.Notify, one => one.Allocated.Known(Services.Api)) / Kilobyte;
        var rate = known.Of("accept", AcceptScenario.Notify, one => one.PerSecond);
        var fastify = AcceptScenario.PeerOf("fastify");
        var ratio = known.Ratio("accept", AcceptScenario.Notify, fastify, one => one.PerSecond);
        var beside = known.Of("accept", fastify, one => one.PerSecond);
        return new(
            "Api a notification; accept beside fastify",
            Text(
                $"{cpu:0.0} µs{Compiling(known, "accept", AcceptScenario.Notify)}, {bytes:0.0} KB; {rate:#,0}/s beside {(beside is null ? "none (--peers)" : Text($"{beside:#,0}/s"))}"
            ),
            Text($"{ratio:0.00}"),
            "50 µs; 3.5 ×",
            cpu is null || ratio is null ? null : cpu <= 50 && ratio >= 3.5
        );
    }

    private static Goal ProduceRequests(Medians known)
    {
        var requests = known.Of("accept", AcceptScenario.Counted, one => one.Figures.Known(Measurement.ProduceRequests));
        var p99 = known.Of("accept", AcceptScenario.Notify, one => one.Milliseconds?.P99);
        var counted = known.Of("accept", AcceptScenario.Counted, one => one.Milliseconds?.P99);
        return new(
            "produce requests a notification, 32 connections",
            Text($"{requests:0.00}; p99 of accept {p99:0.0} ms ({counted:0.0} through the proxy that counts)"),
            "",
            "0.4, p99 no longer",
            requests is null ? null : requests <= 0.4
        );
    }

    private static Goal Idle(Medians known)
    {
        var (p50, p99) = (Worst(one => one.Milliseconds?.P50), Worst(one => one.Milliseconds?.P99));
        return new(
            "accept to provider, idle: the worst lane and channel",
            Text($"p50 {p50:0.0}, p99 {p99:0.0} ms"),
            "",
            "p50 5, p99 25 ms",
            p50 is null ? null : p50 <= 5 && p99 <= 25
        );

        double? Worst(Func<Measurement, double?> value) =>
            known.Subjects("latency").Select(subject => known.Of("latency", subject, value)).Max();
    }

    private static Goal Critical(Medians known)
    {
        var p50 = known.Of("latency-drain", LatencyDrainScenario.Beside(Lane.Critical), one => one.Milliseconds?.P50);
        var p99 = known.Of("latency-drain", LatencyDrainScenario.Beside(Lane.Critical), one => one.Milliseconds?.P99);
        var kept = known.Ratio("latency-drain", LatencyDrainScenario.BulkBeside(Lane.Critical), LatencyDrainScenario.BulkAlone, one =>
            one.PerSecond
        );
        return new(
            "critical beside a bulk drain on the same cores",
            Text($"p50 {p50:0}, p99 {p99:0} ms; bulk loses {100 * (1 - kept):0} %"),
            Text($"{kept:0.00}"),
            "p99 100 ms, bulk loses 10 %",
            p99 is null ? null : p99 <= 100 && kept >= 0.9
        );
    }

    private static Goal Neighbours(Medians known)
    {
        var alone = known.Of("neighbours", NeighboursScenario.Alone, one => one.Milliseconds?.P99);
        var beside = known.Of("neighbours", NeighboursScenario.Beside, one => one.Milliseconds?.P99);
        var ratio = known.Ratio("neighbours", NeighboursScenario.Beside, NeighboursScenario.Alone, one => one.Milliseconds?.P99);
        return new(
            "quiet tenant's p99 beside one at 100 ×",
            Text($"{beside:0} beside {alone:0} ms alone"),
            Text($"{ratio:0.00}"),
            "1.5 ×",
            ratio is null ? null : ratio <= 1.5
        );
    }

    private static Goal Memory(Medians known)
    {
        double? At(string service) => known.Of("memory", MemoryScenario.AtRest, one => one.Memory.Known(service));
        var (api, router) = (At(Services.Api), At(Services.Router));
        double? OwnAt(string service) =>
            known.Of("memory", MemoryScenario.AtRest, one => one.Figures.Known($"{service} {Measurement.OwnMegabytes}"));
        string[] workers = ["push", "email", "sms"];
        var (worker, ownWorker) = (workers.Max(At), workers.Max(OwnAt));
        return new(
            "memory at rest: Api, Router, the largest worker",
            Text(
                $"{api:0}, {router:0}, {worker:0} MB; without pages of files, which they share, {OwnAt(Services.Api):0}, {OwnAt(Services.Router):0}, {ownWorker:0} MB"
            ),
            "",
            "100 MB each",
            api is null ? null : new[] { api, router, worker }.All(one => one <= 100)
        );
    }

    /// <summary>How much of the processor time before it was compiling.</summary>
    private static string Compiling(Medians known, string scenario, string subject) =>
        known.Of(scenario, subject, one => one.Figures.Known(Measurement.Compiling)) is { } time
            ? Text($" (of it {time:0.0} compiling)")
            : "";

    private static double? Known(this IReadOnlyDictionary<string, double> values, string name) =>
        values.TryGetValue(name, out var value) ? value : null;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
