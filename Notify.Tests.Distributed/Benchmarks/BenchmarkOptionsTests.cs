using Notify.Benchmarks;
using Notify.Benchmarks.Scenarios;

namespace Notify.Tests.Distributed.Benchmarks;

public sealed class BenchmarkOptionsTests
{
    [Fact]
    public void Options_stand_between_scenarios_as_they_like()
    {
        var options = BenchmarkOptions.Parse(["accept", "--rounds", "5", "rows", "--count", "100", "--peers", "--kafka", "builtin"]);

        Assert.Equal(["accept", "rows"], options.Scenarios);
        Assert.Equal((5, 100, true, false), (options.Rounds, options.Count, options.Peers, options.RealKafka));
    }

    [Fact]
    public void Goals_are_their_scenarios_each_once()
    {
        var options = BenchmarkOptions.Parse(["memory", "goals"]);

        Assert.True(options.ShowGoals);
        Assert.Equal(["memory", .. Goals.Scenarios.Except(["memory"])], options.Scenarios);
    }

    [Theory]
    [InlineData]
    [InlineData("walk")]
    [InlineData("rows", "--fast")]
    [InlineData("rows", "--count")]
    [InlineData("rows", "--count", "0")]
    [InlineData("rows", "--target", "http://localhost:1")]
    [InlineData("accept", "--target", "localhost")]
    [InlineData("accept", "--sandbox", "http://localhost:1")]
    [InlineData("accept", "--kafka", "other")]
    public void What_cannot_be_done_is_refused(params string[] args) => Assert.Throws<UsageException>(() => BenchmarkOptions.Parse(args));
}
