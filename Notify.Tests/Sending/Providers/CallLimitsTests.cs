using Notify.Sending.Providers;
using Notify.Tests.Support;

namespace Notify.Tests.Sending.Providers;

public sealed class CallLimitsTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);
    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _cutOff = new();
    private readonly CallLimits _limits;

    public CallLimitsTests() => _limits = new(_time);

    public void Dispose() => _cutOff.Dispose();

    [Fact]
    public void Call_ends_when_its_time_is_over_and_at_most_a_hundredth_sooner()
    {
        var first = _limits.Begin(Limit, _cutOff.Token);
        _time.Now += TimeSpan.FromSeconds(0.9);
        var second = _limits.Begin(Limit, _cutOff.Token);
        _time.Now += TimeSpan.FromSeconds(0.2);
        var third = _limits.Begin(Limit, _cutOff.Token);
        Assert.Equal(first, second);

        _time.Now += TimeSpan.FromSeconds(98.8);
        Assert.False(second.IsCancellationRequested);
        _time.Now += TimeSpan.FromSeconds(0.2);
        Assert.True(second.IsCancellationRequested);

        Assert.False(third.IsCancellationRequested);
        _time.Now += TimeSpan.FromSeconds(1);
        Assert.True(third.IsCancellationRequested);
    }

    [Fact]
    public void Calls_of_another_limit_or_another_lane_end_by_themselves()
    {
        using var other = new CancellationTokenSource();
        var here = _limits.Begin(Limit, _cutOff.Token);
        var shorter = _limits.Begin(Limit / 2, _cutOff.Token);
        var there = _limits.Begin(Limit, other.Token);

        _time.Now += Limit / 2;
        Assert.Equal((false, true, false), (here.IsCancellationRequested, shorter.IsCancellationRequested, there.IsCancellationRequested));
        other.Cancel();
        Assert.Equal((false, true), (here.IsCancellationRequested, there.IsCancellationRequested));
    }

    [Fact]
    public void Worker_that_stops_ends_the_calls_of_all_times_and_those_that_still_begin()
    {
        var first = _limits.Begin(Limit, _cutOff.Token);
        _time.Now += Limit / 2;
        var second = _limits.Begin(Limit, _cutOff.Token);

        _cutOff.Cancel();

        Assert.True(first.IsCancellationRequested);
        Assert.True(second.IsCancellationRequested);
        Assert.True(_limits.Begin(Limit, _cutOff.Token).IsCancellationRequested);
    }

    [Fact]
    public void Token_whose_time_was_over_is_given_to_no_further_call()
    {
        Assert.False(_limits.Begin(Limit, _cutOff.Token).IsCancellationRequested);
        _time.Now += Limit;
        Assert.False(_limits.Begin(Limit, _cutOff.Token).IsCancellationRequested);
    }
}
