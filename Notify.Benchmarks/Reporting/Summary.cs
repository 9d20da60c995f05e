using System.Globalization;

namespace Notify.Benchmarks.Reporting;

/// <summary>All rounds of one subject in one scenario, as a row: medians, and the range of the rate.</summary>
internal static class Summary
{
    public static IReadOnlyList<string> Header { get; } =
    [
        "scenario: subject",
        "rounds",
        "per second (min..max)",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "CPU µs by process",
        "resident MB",
        "B allocated",
        "rows a commit",
        "other",
    ];

    public static IReadOnlyList<IReadOnlyList<string>> Rows(IEnumerable<Measurement> measurements) =>
        [
            .. measurements
                .GroupBy(one => (one.Scenario, one.Subject))
                .Select(group => Row(group.Key.Scenario, group.Key.Subject, [.. group])),
        ];

    private static string[] Row(string scenario, string subject, List<Measurement> rounds) =>
        [
            $"{scenario}: {subject}{(rounds.Exists(one => one.Faults.Count > 0) ? "  FAULTY" : "")}",
            Text(rounds.Count),
            Rate([.. rounds.Select(one => one.PerSecond).OfType<double>()]),
            Middle(rounds.Select(one => one.Milliseconds?.P50)),
            Middle(rounds.Select(one => one.Milliseconds?.P95)),
            Middle(rounds.Select(one => one.Milliseconds?.P99)),
            Each(rounds, one => one.Cpu, "0.0"),
            Each(rounds, one => one.Memory, "0"),
            Each(rounds, one => one.Allocated, "#,0"),
            Middle(rounds.Select(one => one.RowsATransaction), "0"),
            Each(rounds, one => one.Figures, "0.##"),
        ];

    private static string Rate(List<double> rates) =>
        rates.Count == 0
            ? ""
            : $"{Text(LatencySummary.Median(rates), "#,0")}{(rates.Count > 1 ? $" ({Text(rates.Min(), "#,0")}..{Text(rates.Max(), "#,0")})" : "")}";

    private static string Each(List<Measurement> rounds, Func<Measurement, IReadOnlyDictionary<string, double>> values, string format) =>
        string.Join(
            " ",
            rounds
                .SelectMany(values)
                .GroupBy(value => value.Key)
                .Select(group => $"{group.Key} {Text(LatencySummary.Median(group.Select(value => value.Value)), format)}")
        );

    private static string Middle(IEnumerable<double?> values, string format = "0.00") =>
        values.OfType<double>().ToList() is { Count: > 0 } known ? Text(LatencySummary.Median(known), format) : "";

    private static string Text(double value, string format = "0") => value.ToString(format, CultureInfo.InvariantCulture);
}
