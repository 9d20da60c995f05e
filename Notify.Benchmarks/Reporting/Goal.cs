namespace Notify.Benchmarks.Reporting;

/// <summary>What a measure came to, beside what it is to come to.</summary>
/// <param name="Measure">What is measured.</param>
/// <param name="Figures">The figures, medians of the rounds.</param>
/// <param name="Ratio">To what stands beside it in the same rounds; empty where nothing does.</param>
/// <param name="Target">The goal.</param>
/// <param name="Reached">Null where it was not measured.</param>
internal sealed record Goal(string Measure, string Figures, string Ratio, string Target, bool? Reached)
{
    public static IReadOnlyList<string> Header { get; } = ["measure", "figures", "ratio", "goal", "result"];

    public IReadOnlyList<string> Row =>
        [
            Measure,
            Figures,
            Ratio,
            Target,
            Reached switch
            {
                true => "reached",
                false => "missed",
                null => "not measured",
            },
        ];
}
