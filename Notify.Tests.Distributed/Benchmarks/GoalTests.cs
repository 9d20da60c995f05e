using Notify.Benchmarks.Reporting;
using Notify.Benchmarks.Scenarios;

namespace Notify.Tests.Distributed.Benchmarks;

public sealed class GoalTests
{
    [Fact]
    public void Every_scenario_of_the_goals_exists() => Assert.Empty(Goals.Scenarios.Except(ScenarioTable.Names));

    [Fact]
    public void What_was_not_measured_is_neither_reached_nor_missed() => Assert.All(Goals.Of([]), goal => Assert.Null(goal.Reached));

    [Theory]
    [InlineData(20.0, 4_000.0, true)]
    [InlineData(26.0, 4_000.0, false)]
    [InlineData(20.0, 5_000.0, false)]
    public void Goal_of_several_bounds_is_reached_within_all_of_them(double cpu, double bytes, bool reached)
    {
        var goal = Goals.Of([Measured("drain-none", DrainScenario.IdleEmail, round: 1, perSecond: 10, cpu, bytes)])[1];

        Assert.Equal((DrainScenario.IdleEmail, reached), (goal.Measure, goal.Reached));
    }

    [Fact]
    public void Ratio_is_the_median_of_ratios_of_the_same_round_and_faulty_rounds_do_not_count()
    {
        List<Measurement> measured =
        [
            Measured("drain-email", DrainScenario.Ours, 1, 80),
            Measured("drain-email", DrainScenario.BareMail, 1, 100),
            Measured("drain-email", DrainScenario.Ours, 2, 450),
            Measured("drain-email", DrainScenario.BareMail, 2, 500),
            Measured("drain-email", DrainScenario.Ours, 3, 85),
            Measured("drain-email", DrainScenario.BareMail, 3, 100),
            Measured("drain-email", DrainScenario.Ours, 4, 1) with
            {
                Faults = ["one was lost"],
            },
            Measured("drain-email", DrainScenario.BareMail, 4, 100),
        ];

        Assert.Equal(
            0.85,
            new Medians(measured).Ratio("drain-email", DrainScenario.Ours, DrainScenario.BareMail, one => one.PerSecond)!.Value,
            3
        );
    }

    private static Measurement Measured(string scenario, string subject, int round, double perSecond, double cpu = 1, double bytes = 1) =>
        new()
        {
            Scenario = scenario,
            Subject = subject,
            Round = round,
            Unit = "deliveries",
            Count = 1_000,
            Seconds = 1_000 / perSecond,
            Cpu = new Dictionary<string, double> { ["worker"] = cpu },
            Allocated = new Dictionary<string, double> { ["worker"] = bytes },
        };
}
