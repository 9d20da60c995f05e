using NodaTime;
using Notify.Core.Time;

namespace Notify.Tests.Core.Time;

/// <summary>Every minute of the days around every change of the clock in a year of six zones, against <see cref="QuietOracle"/>.</summary>
public sealed class ClockChangeTests
{
    // Boundaries in minutes from the time that the clock shows before it changes.
    private static readonly int[] s_near = [-60, -45, -30, -15, -1, 0, 1, 15, 30, 45, 60, 90];

    [Theory]
    [InlineData("Europe/Berlin", 2026, 2)]
    [InlineData("America/New_York", 2027, 2)]
    [InlineData("Australia/Lord_Howe", 2026, 2)]
    [InlineData("Asia/Kathmandu", 1986, 1)] // +05:30 to +05:45; no change since
    [InlineData("Pacific/Apia", 2011, 3)] // the third leaves a day out
    [InlineData("Africa/Casablanca", 2025, 2)] // around Ramadan
    public void Each_minute_of_the_days_around_a_change_is_quiet_as_defined(string id, int year, int changes)
    {
        Assert.True(Zones.TryParse(id, out var zone, out _));
        var found = ChangesOf(zone, year);
        Assert.Equal(changes, found.Count);
        foreach (var change in found)
            Compare(zone, change, Around(zone, change));
    }

    [Fact]
    public void Each_minute_is_quiet_as_defined_where_no_clock_changes()
    {
        Assert.True(Zones.TryParse("Asia/Kathmandu", out var zone, out _));
        Assert.Empty(ChangesOf(zone, 2026));
        foreach (var night in new[] { Instant.FromUtc(2026, 3, 28, 20, 15), Instant.FromUtc(2026, 10, 24, 20, 15) })
            Compare(zone, night, Around(zone, night));
    }

    private static void Compare(DateTimeZone zone, Instant change, IEnumerable<WeeklyWindow[]> schedules)
    {
        var oracle = new QuietOracle(zone, change - Duration.FromDays(11), change + Duration.FromDays(12));
        foreach (var windows in schedules)
        {
            Compare(zone, oracle, change, QuietSchedule.FromQuiet(windows), oracle.Inside(windows), windows);
            Compare(zone, oracle, change, QuietSchedule.FromAllowed(windows), oracle.Outside(windows), windows);
        }
    }

    private static void Compare(
        DateTimeZone zone,
        QuietOracle oracle,
        Instant change,
        QuietSchedule schedule,
        bool[] expected,
        WeeklyWindow[] windows
    )
    {
        var middle = (int)Duration.FromDays(11).TotalMinutes;
        for (var i = middle - 26 * 60; i < middle + 26 * 60; i++)
        {
            var now = oracle.At(i);
            var end = expected[i] ? Array.IndexOf(expected, false, i) : -1;
            var found = schedule.Find(zone, now);
            if (found?.Until != (end < 0 ? null : oracle.At(end)) || schedule.IsQuiet(zone, now) != expected[i])
                Assert.Fail(
                    $"{zone.Id}, change {change}, [{string.Join("; ", windows)}] at {now}: "
                        + $"expected {(end < 0 ? "not quiet" : oracle.At(end))}, found {found?.Until}"
                );
        }
    }

    private static List<Instant> ChangesOf(DateTimeZone zone, int year) =>
        [
            .. zone.GetZoneIntervals(Instant.FromUtc(year, 1, 1, 12, 0) - Duration.FromDays(1), Instant.FromUtc(year, 12, 31, 23, 0))
                .Skip(1)
                .Select(interval => interval.Start),
        ];

    private static IEnumerable<WeeklyWindow[]> Around(DateTimeZone zone, Instant change)
    {
        var before = (change - Duration.FromSeconds(1)).InZone(zone).LocalDateTime.PlusSeconds(1);
        int At(int minutes) => (before.Hour * 60 + before.Minute + minutes + 2 * ClockTime.MinutesOfDay) % ClockTime.MinutesOfDay;
        foreach (var from in s_near)
        {
            foreach (var to in s_near.Where(to => to > from))
                yield return [new(WeekDays.All, At(from), At(to))];
            if (At(from) is not (22 * 60))
                yield return [new(WeekDays.All, 22 * 60, At(from))];
            if (At(from) is not (7 * 60))
                yield return [new(WeekDays.All, At(from), 7 * 60)];
            // two that are apart on the wall, and may meet where the hour between them occurs twice
            yield return
            [
                new(WeekDays.All, At(from), At(from + 5)),
                new(WeekDays.Saturday | WeekDays.Sunday, At(from + 20), At(from + 50)),
            ];
        }
        yield return [new(WeekDays.Friday, 22 * 60, 7 * 60), new(WeekDays.Saturday, 0, ClockTime.MinutesOfDay)];
    }
}
