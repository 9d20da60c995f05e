using Microsoft.Extensions.Options;
using Notify.Sending.Limits;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Sending.Limits;

public sealed class AddressLimiterTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Full_minute_delays_until_there_is_room_and_other_addresses_go()
    {
        var limiter = Limiter(perMinute: 10, perHour: 1_000);

        Assert.Equal(10, TakeAll(limiter, "a"));
        var delay = limiter.DelayFor("a");

        Assert.NotNull(delay);
        Assert.Null(limiter.DelayFor("b"));
        _time.Advance(delay.Value - TimeSpan.FromMilliseconds(100));
        Assert.NotNull(limiter.DelayFor("a"));
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Null(limiter.DelayFor("a"));
    }

    [Fact]
    public void No_minute_has_much_more_than_its_limit_where_two_windows_meet()
    {
        var limiter = Limiter(perMinute: 100, perHour: 10_000);
        _time.Advance(TimeSpan.FromSeconds(59));

        var before = TakeAll(limiter, "a");
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(100, before);
        Assert.InRange(TakeAll(limiter, "a"), 0, 2);
    }

    [Fact]
    public void Full_hour_delays_although_the_minute_has_room()
    {
        var limiter = Limiter(perMinute: 10, perHour: 25);
        var taken = 0;
        for (var minute = 0; minute < 4; minute++)
        {
            taken += TakeAll(limiter, "a");
            _time.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(25, taken);
        var delay = limiter.DelayFor("a")!.Value;
        Assert.InRange(delay, TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(60));
        _time.Advance(delay);
        Assert.Null(limiter.DelayFor("a"));
    }

    [Fact]
    public void Pause_of_an_address_holds_for_it_alone_and_the_longest_wins()
    {
        var limiter = Limiter(perMinute: 10, perHour: 100);
        limiter.PauseUntil("a", _time.GetUtcNow().AddSeconds(30));
        limiter.PauseUntil("a", _time.GetUtcNow().AddSeconds(10));
        limiter.PauseUntil("a", _time.GetUtcNow().AddSeconds(-10));

        Assert.Equal(TimeSpan.FromSeconds(30), limiter.DelayFor("a"));
        Assert.Null(limiter.DelayFor("b"));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(limiter.DelayFor("a"));
    }

    [Fact]
    public void Memory_is_bounded_and_the_busy_are_remembered()
    {
        var limiter = Limiter(perMinute: 10, perHour: 1_000, mostAddresses: 1_000);
        TakeAll(limiter, "busy");
        limiter.PauseUntil("paused", _time.GetUtcNow().AddHours(1));

        for (var i = 0; i < 10_000; i++)
            Assert.Null(limiter.DelayFor($"device {i}"));

        Assert.InRange(limiter.Count, 1, 1_000);
        Assert.NotNull(limiter.DelayFor("busy"));
        Assert.NotNull(limiter.DelayFor("paused"));
        for (var i = 0; i < 5_000; i++)
            limiter.PauseUntil($"paused {i}", _time.GetUtcNow().AddHours(1));
        Assert.InRange(limiter.Count, 1, 1_000);
    }

    [Fact]
    public void What_is_over_is_forgotten()
    {
        var limiter = Limiter(perMinute: 10, perHour: 100);
        for (var i = 0; i < 100; i++)
            limiter.DelayFor($"device {i}");

        _time.Advance(TimeSpan.FromHours(2));
        limiter.DelayFor("another");

        Assert.Equal(1, limiter.Count);
    }

    [Fact]
    public void Threads_together_take_no_more_than_the_limit()
    {
        var limiter = Limiter(perMinute: 240, perHour: 5_000);
        var taken = 0;

        Parallel.For(0, 5_000, _ => Interlocked.Add(ref taken, limiter.DelayFor("a") is null ? 1 : 0));

        Assert.Equal(240, taken);
    }

    private AddressLimiter Limiter(int perMinute, int perHour, int mostAddresses = 100_000) =>
        new(Options.Create(new DeviceLimitOptions { PerMinute = perMinute, PerHour = perHour }), _time) { MostAddresses = mostAddresses };

    private static int TakeAll(AddressLimiter limiter, string address)
    {
        var taken = 0;
        while (limiter.DelayFor(address) is null)
            taken++;
        return taken;
    }
}
