using Notify.Sending.Providers;

namespace Notify.Tests.Sending.Providers;

public sealed class ProviderConditionTests
{
    private static readonly TimeSpan SlowCall = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(0, 1, false)]
    [InlineData(2, 1, false)]
    [InlineData(3, 1, true)]
    [InlineData(100, 1, true)]
    [InlineData(0, 4.9, false)]
    [InlineData(0, 5.5, true)]
    public void Failures_and_slowness_are_trouble(int failures, double seconds, bool troubled)
    {
        var condition = default(ProviderCondition);
        condition = With(condition, 200, failed: false, seconds);
        condition = With(condition, failures, failed: true, seconds);

        Assert.Equal(troubled, condition.IsTroubled(SlowCall));
    }

    [Fact]
    public void One_failure_in_twenty_is_none()
    {
        var condition = default(ProviderCondition);
        for (var i = 0; i < 100; i++)
        {
            condition = With(condition, 1, failed: true, 0.1);
            Assert.False(condition.IsTroubled(SlowCall));
            condition = With(condition, 19, failed: false, 0.1);
        }
    }

    [Fact]
    public void Trouble_passes_with_calls_that_go_well()
    {
        var condition = default(ProviderCondition);
        condition = With(condition, 1_000, failed: true, 9);
        condition = With(condition, 20, failed: false, 0.1);
        Assert.True(condition.IsTroubled(SlowCall));

        condition = With(condition, 40, failed: false, 0.1);

        Assert.False(condition.IsTroubled(SlowCall));
    }

    [Fact]
    public void After_an_outage_it_is_well_until_the_next_failure()
    {
        var condition = default(ProviderCondition);
        condition = With(condition, 1_000, failed: true, 9);

        condition = ProviderCondition.Back(TimeSpan.Zero);

        Assert.False(condition.IsTroubled(SlowCall));
        condition = With(condition, 1, failed: false, 0.1); // the call that tried
        Assert.False(condition.IsTroubled(SlowCall));
        condition = With(condition, 1, failed: true, 0.1);
        Assert.True(condition.IsTroubled(SlowCall));
        condition = With(condition, 10, failed: false, 0.1);
        Assert.False(condition.IsTroubled(SlowCall));
    }

    [Fact]
    public void It_is_just_back_as_long_as_a_slow_call_takes()
    {
        Assert.False(default(ProviderCondition).IsJustBack(TimeSpan.FromSeconds(1), SlowCall));

        var condition = With(ProviderCondition.Back(TimeSpan.FromHours(1)), 1_000, failed: false, 0.1);

        Assert.True(condition.IsJustBack(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(9.9), SlowCall));
        Assert.False(condition.IsJustBack(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(10), SlowCall));
    }

    private static ProviderCondition With(ProviderCondition condition, int times, bool failed, double seconds)
    {
        for (var i = 0; i < times; i++)
            condition = condition.With(failed, TimeSpan.FromSeconds(seconds));
        return condition;
    }
}
