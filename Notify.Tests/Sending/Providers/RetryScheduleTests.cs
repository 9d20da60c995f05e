using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Tests.Sending.Providers;

public sealed class RetryScheduleTests
{
    [Theory]
    [InlineData(1, 0.0, 1)]
    [InlineData(1, 0.1, 1.4)]
    [InlineData(1, 0.5, 3)]
    [InlineData(2, 0.5, 5.5)]
    [InlineData(3, 0.5, 10.5)]
    [InlineData(4, 0.5, 20.5)]
    [InlineData(5, 0.5, 40.5)]
    [InlineData(5, 0.0, 1)]
    [InlineData(11, 0.5, 1_800.5)]
    [InlineData(1_000, 0.5, 1_800.5)]
    public void Bound_doubles_from_5_s_to_an_hour_over_a_floor_of_1_s(int attempt, double jitter, double seconds) =>
        Assert.Equal(seconds, RetrySchedule.Default.DelayAfter(attempt, jitter).TotalSeconds, precision: 6);

    [Fact]
    public void Provider_may_bring_its_own_base_and_floor()
    {
        var schedule = new RetrySchedule(TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(15), TimeSpan.FromHours(6));
        Assert.Equal(TimeSpan.FromMinutes(15), schedule.DelayAfter(1, 0));
        Assert.Equal(TimeSpan.FromMinutes(15 + 22.5), schedule.DelayAfter(3, 0.5));
    }

    [Fact]
    public void First_waits_differ_also_where_the_floor_is_as_long_as_the_base()
    {
        var schedule = new RetrySchedule(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromHours(1));
        Assert.Equal([10, 12.5, 15, 17.5], new[] { 0, 0.25, 0.5, 0.75 }.Select(jitter => schedule.DelayAfter(1, jitter).TotalSeconds));
    }

    [Fact]
    public void No_wait_is_longer_than_the_ceiling()
    {
        var schedule = new RetrySchedule(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15));
        Assert.Equal(12.5, schedule.DelayAfter(1, 0.5).TotalSeconds);
        Assert.InRange(schedule.DelayAfter(9, 0.999).TotalSeconds, 10, 15);
    }

    [Fact]
    public void There_is_no_wait_before_the_first_call() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RetrySchedule.Default.DelayAfter(0, 0.5));
}
