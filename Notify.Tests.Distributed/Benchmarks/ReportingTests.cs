using Notify.Benchmarks.Reporting;

namespace Notify.Tests.Distributed.Benchmarks;

public sealed class ReportingTests
{
    [Fact]
    public void Percentiles_are_by_nearest_rank()
    {
        var summary = LatencySummary.Of([.. Enumerable.Range(1, 100).Reverse().Select(value => (double)value)])!;

        Assert.Equal((50, 95, 99, 100, 100), (summary.P50, summary.P95, summary.P99, summary.Max, summary.Samples));
    }

    [Fact]
    public void One_sample_is_every_percentile()
    {
        var summary = LatencySummary.Of([7])!;

        Assert.Equal((7, 7, 7, 7), (summary.P50, summary.P95, summary.P99, summary.Max));
    }

    [Fact]
    public void Without_samples_there_is_no_summary() => Assert.Null(LatencySummary.Of([]));

    [Theory]
    [InlineData(new[] { 3.0, 1.0, 2.0 }, 2.0)]
    [InlineData(new[] { 4.0, 1.0, 3.0, 2.0 }, 2.5)]
    public void Median_is_the_middle(double[] values, double expected) => Assert.Equal(expected, LatencySummary.Median(values));

    [Fact]
    public void Columns_are_as_wide_as_their_widest_cell() =>
        Assert.Equal(
            "name    rate\n------  ----\nx          1\nlonger  1000\n",
            TextTable.Render(
                ["name", "rate"],
                [
                    ["x", "1"],
                    ["longer", "1000"],
                ]
            )
        );

    [Fact]
    public void Rounds_of_a_subject_become_one_row_of_medians_and_a_faulty_round_marks_it()
    {
        Measurement Round(int round, double seconds, params string[] faults) =>
            new()
            {
                Scenario = "accept",
                Subject = "Notify",
                Round = round,
                Unit = "notifications",
                Count = 100,
                Seconds = seconds,
                Faults = faults,
            };

        var row = Assert.Single(Summary.Rows([Round(1, 1), Round(2, 2), Round(3, 4, "one was lost")]));

        Assert.Equal(("accept: Notify  FAULTY", "3", "50 (25..100)"), (row[0], row[1], row[2]));
    }
}
