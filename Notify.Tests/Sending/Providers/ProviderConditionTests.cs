using Notify.Sending.Providers;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Sending.Providers;

public sealed class ProviderConditionTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(0, 1, false)]
    [InlineData(2, 1, false)]
    [InlineData(3, 1, true)]
    [InlineData(100, 1, true)]
    [InlineData(0, 4.9, false)]
    [InlineData(0, 5.5, true)]
    public void Failures_and_slowness_are_trouble(int failures, double seconds, bool troubled)
    {
        var condition = new ProviderCondition(slowCall: TimeSpan.FromSeconds(10), _time);
        Record(condition, 200, failed: false, seconds);
        Record(condition, failures, failed: true, seconds);

        Assert.Equal(troubled, condition.IsTroubled);
    }

    [Fact]
    public void One_failure_in_twenty_is_none()
    {
        var condition = new ProviderCondition(TimeSpan.FromSeconds(10), _time);
        for (var i = 0; i < 100; i++)
        {
            Record(condition, 1, failed: true, 0.1);
            Assert.False(condition.IsTroubled);
            Record(condition, 19, failed: false, 0.1);
        }
    }

    [Fact]
    public void Trouble_passes_with_calls_that_go_well()
    {
        var condition = new ProviderCondition(TimeSpan.FromSeconds(10), _time);
        Record(condition, 1_000, failed: true, 9);
        Record(condition, 20, failed: false, 0.1);
        Assert.True(condition.IsTroubled);

        Record(condition, 40, failed: false, 0.1);

        Assert.False(condition.IsTroubled);
    }

    [Fact]
    public void After_an_outage_it_is_well_until_the_next_failure()
    {
        var condition = new ProviderCondition(TimeSpan.FromSeconds(10), _time);
        Record(condition, 1_000, failed: true, 9);

        condition.Back();

        Assert.False(condition.IsTroubled);
        Record(condition, 1, failed: false, 0.1); // the call that tried
        Assert.False(condition.IsTroubled);
        Record(condition, 1, failed: true, 0.1);
        Assert.True(condition.IsTroubled);
        Record(condition, 10, failed: false, 0.1);
        Assert.False(condition.IsTroubled);
    }

    [Fact]
    public void It_is_just_back_as_long_as_a_slow_call_takes()
    {
        var condition = new ProviderCondition(TimeSpan.FromSeconds(10), _time);
        Assert.False(condition.IsJustBack);

        condition.Back();

        Record(condition, 1_000, failed: false, 0.1);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.True(condition.IsJustBack);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(condition.IsJustBack);
    }

    private static void Record(ProviderCondition condition, int times, bool failed, double seconds)
    {
        for (var i = 0; i < times; i++)
            condition.Record(failed, TimeSpan.FromSeconds(seconds));
    }
}
