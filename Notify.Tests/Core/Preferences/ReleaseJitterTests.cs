using NodaTime;
using Notify.Core.Notifications;
using Notify.Core.Preferences;
using Notify.Core.Time;

namespace Notify.Tests.Core.Preferences;

public sealed class ReleaseJitterTests
{
    private static readonly DateTimeOffset s_night = new(2026, 12, 1, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Wait_is_always_the_same_for_a_delivery()
    {
        var id = Guid.Parse("019ad5b0-7c00-7abc-8def-0123456789ab");
        var wait = ReleaseJitter.Of(id, Priorities.Normal);
        Assert.Equal(wait, ReleaseJitter.Of(id, Priorities.Low));
        Assert.Equal(TimeSpan.FromMilliseconds(545_434), wait); // rows wait by it: another figure moves them
    }

    [Theory]
    [InlineData(Priorities.High)]
    [InlineData(Priorities.Critical)]
    public void High_and_critical_do_not_wait(string priority) =>
        Assert.Equal(TimeSpan.Zero, ReleaseJitter.Of(UuidV7.New(s_night), priority));

    /// <summary>Otherwise a delivery whose wait is longer than the time between two windows would be held for ever.</summary>
    [Fact]
    public void Release_lies_in_the_time_between_two_windows_however_short_it_is()
    {
        var schedule = QuietSchedule.FromAllowed([new(WeekDays.All, 12 * 60, 12 * 60 + 1)]);
        var noon = Instant.FromUtc(2026, 12, 1, 12, 0);
        for (var i = 0; i < 1_000; i++)
        {
            var release = ReleaseJitter.After(noon, UuidV7.New(s_night), Priorities.Normal, schedule, DateTimeZone.Utc);
            Assert.InRange(release, noon, noon + Duration.FromMinutes(1) - Duration.FromMilliseconds(1));
        }
        var id = UuidV7.New(s_night);
        var usual = ReleaseJitter.After(noon, id, Priorities.Normal, QuietSchedule.FromQuiet([]), DateTimeZone.Utc);
        Assert.Equal(noon + Duration.FromTimeSpan(ReleaseJitter.Of(id, Priorities.Normal)), usual);
    }

    /// <summary>Ids of one millisecond, as a campaign has them, and ids a millisecond apart: each of ten minutes gets its tenth.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Waits_spread_evenly_over_ten_minutes(int millisecondsApart)
    {
        const int Ids = 100_000;
        var counts = new int[10];
        for (var i = 0; i < Ids; i++)
        {
            var id = UuidV7.Derive(s_night.AddMilliseconds(i * millisecondsApart), BitConverter.GetBytes(i));
            var wait = ReleaseJitter.Of(id, Priorities.Normal);
            Assert.InRange(wait, TimeSpan.Zero, ReleaseJitter.Max - TimeSpan.FromMilliseconds(1));
            counts[(int)wait.TotalMinutes]++;
        }
        // The ids are the same in every run. Six standard deviations of a binomial count: sqrt(n p (1 - p)) = 95.
        Assert.All(counts, count => Assert.InRange(count, Ids / 10 - 570, Ids / 10 + 570));
    }
}
