namespace Notify.Benchmarks.Reporting;

/// <summary>Percentiles by nearest rank, in milliseconds.</summary>
internal sealed record LatencySummary(int Samples, double P50, double P95, double P99, double Max)
{
    /// <param name="milliseconds">In any order; sorted in place.</param>
    public static LatencySummary? Of(double[] milliseconds)
    {
        if (milliseconds.Length == 0)
            return null;
        Array.Sort(milliseconds);
        return new(milliseconds.Length, Rank(milliseconds, 50), Rank(milliseconds, 95), Rank(milliseconds, 99), milliseconds[^1]);
    }

    /// <summary>The smallest value that at least so many percent of all values do not exceed.</summary>
    public static double Rank(IReadOnlyList<double> sorted, int percent) =>
        sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * (percent / 100.0)) - 1)];

    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
