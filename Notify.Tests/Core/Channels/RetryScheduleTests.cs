using Notify.Core.Channels;

namespace Notify.Tests.Core.Channels;

public sealed class RetryScheduleTests
{
    [Theory]
    [InlineData(1, 0.0, 1)]
    [InlineData(1, 0.1, 1)]
    [InlineData(1, 0.5, 2.5)]
    [InlineData(2, 0.5, 5)]
    [InlineData(3, 0.5, 10)]
    [InlineData(4, 0.5, 20)]
    [InlineData(5, 0.5, 40)]
    [InlineData(5, 0.0, 1)]
    [InlineData(11, 0.5, 1_800)]
    [InlineData(1_000, 0.5, 1_800)]
    public void Bound_doubles_from_5_s_to_an_hour_over_a_floor_of_1_s(int attempt, double jitter, double seconds) =>
        Assert.Equal(seconds, RetrySchedule.Default.DelayAfter(attempt, jitter).TotalSeconds, precision: 6);

    [Fact]
    public void Provider_may_bring_its_own_base_and_floor()
    {
        var schedule = new RetrySchedule(TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(15), TimeSpan.FromHours(6));
        Assert.Equal(TimeSpan.FromMinutes(15), schedule.DelayAfter(1, 0.99));
        Assert.Equal(TimeSpan.FromMinutes(30), schedule.DelayAfter(3, 0.5));
    }

    [Fact]
    public void There_is_no_wait_before_the_first_call() => Assert.Throws<ArgumentOutOfRangeException>(() => RetrySchedule.Default.DelayAfter(0, 0.5));
}
