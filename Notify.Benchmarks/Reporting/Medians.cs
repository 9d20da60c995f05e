namespace Notify.Benchmarks.Reporting;

/// <summary>Asks measurements for medians of their rounds, and for ratios of what was measured in the same round. Null where nobody measured
/// it; a faulty round is as good as none.</summary>
internal sealed class Medians(IReadOnlyList<Measurement> measurements)
{
    public double? Of(string scenario, string subject, Func<Measurement, double?> value) => Middle(Rounds(scenario, subject).Select(value));

    /// <summary>The median of the rounds' ratios.</summary>
    public double? Ratio(string scenario, string subject, string toSubject, Func<Measurement, double?> value) =>
        Middle(
            Rounds(scenario, subject)
                .Join(
                    Rounds(scenario, toSubject),
                    one => one.Round,
                    other => other.Round,
                    (one, other) => value(other) is > 0 and var divisor ? value(one) / divisor : null
                )
        );

    /// <summary>Those of a scenario, each once.</summary>
    public IEnumerable<string> Subjects(string scenario) =>
        measurements.Where(one => one.Scenario == scenario).Select(one => one.Subject).Distinct();

    private IEnumerable<Measurement> Rounds(string scenario, string subject) =>
        measurements.Where(one => one.Scenario == scenario && one.Subject == subject && one.Faults.Count == 0);

    private static double? Middle(IEnumerable<double?> values) =>
        values.OfType<double>().ToList() is { Count: > 0 } known ? LatencySummary.Median(known) : null;
}
