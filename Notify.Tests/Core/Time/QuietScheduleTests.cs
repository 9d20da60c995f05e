using NodaTime;
using NodaTime.Text;
using Notify.Core.Time;

namespace Notify.Tests.Core.Time;

public sealed class QuietScheduleTests
{
    /// <summary>Worked out by hand from the tz database: window, moment, and until when it is quiet.</summary>
    [Theory]
    // Berlin's winter and summer: the offset is that of the night.
    [InlineData("Europe/Berlin", "22:00", "07:00", "2026-12-01T22:30:00Z", "2026-12-02T06:00:00Z")]
    [InlineData("Europe/Berlin", "22:00", "07:00", "2026-07-01T20:00:00Z", "2026-07-02T05:00:00Z")]
    [InlineData("Europe/Berlin", "22:00", "07:00", "2026-07-01T19:59:59Z", null)]
    [InlineData("Europe/Berlin", "22:00", "07:00", "2026-07-02T05:00:00Z", null)]
    [InlineData("Europe/Berlin", "22:00", "07:00", "2026-03-28T22:00:00Z", "2026-03-29T05:00:00Z")] // an hour less
    [InlineData("Europe/Berlin", "22:00", "07:00", "2026-10-24T22:00:00Z", "2026-10-25T06:00:00Z")] // an hour more
    // New York, 14 March 2027: 02:00 to 03:00 does not exist.
    [InlineData("America/New_York", "22:00", "02:30", "2027-03-14T06:59:00Z", "2027-03-14T07:00:00Z")] // ends at the gap's end
    [InlineData("America/New_York", "22:00", "02:30", "2027-03-14T07:00:00Z", null)]
    [InlineData("America/New_York", "02:30", "03:30", "2027-03-14T07:00:00Z", "2027-03-14T07:30:00Z")] // begins there too
    [InlineData("America/New_York", "02:30", "03:30", "2027-03-14T06:59:59Z", null)]
    [InlineData("America/New_York", "02:15", "02:45", "2027-03-14T07:00:00Z", null)] // lies in it: empty
    // New York, 7 November 2027: 01:00 to 02:00 occurs twice.
    [InlineData("America/New_York", "22:00", "01:30", "2027-11-07T05:30:00Z", "2027-11-07T06:30:00Z")] // the later end
    [InlineData("America/New_York", "22:00", "01:00", "2027-11-07T04:59:00Z", "2027-11-07T06:00:00Z")]
    [InlineData("America/New_York", "01:30", "03:00", "2027-11-07T05:30:00Z", "2027-11-07T08:00:00Z")] // the earlier start
    [InlineData("America/New_York", "01:30", "03:00", "2027-11-07T06:10:00Z", "2027-11-07T08:00:00Z")] // and quiet between
    [InlineData("America/New_York", "01:15", "01:45", "2027-11-07T05:50:00Z", "2027-11-07T06:45:00Z")]
    [InlineData("America/New_York", "02:00", "03:00", "2027-11-07T06:30:00Z", null)] // 02:00 occurs once
    [InlineData("Europe/London", "22:00", "01:30", "2026-03-29T00:59:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("Europe/London", "22:00", "01:30", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")]
    // Lord Howe moves by half an hour.
    [InlineData("Australia/Lord_Howe", "22:00", "02:15", "2026-10-03T15:29:00Z", "2026-10-03T15:30:00Z")]
    [InlineData("Australia/Lord_Howe", "22:00", "01:45", "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z")]
    // Midnight itself is missing: Cairo on 24 April 2026, Santiago on 6 September 2026.
    [InlineData("Africa/Cairo", "21:00", "24:00", "2026-04-23T21:59:00Z", "2026-04-23T22:00:00Z")]
    [InlineData("Africa/Cairo", "00:30", "02:00", "2026-04-23T22:00:00Z", "2026-04-23T23:00:00Z")]
    [InlineData("America/Santiago", "21:00", "00:30", "2026-09-06T03:59:00Z", "2026-09-06T04:00:00Z")]
    [InlineData("Asia/Kathmandu", "22:00", "07:00", "2026-06-01T16:15:00Z", "2026-06-02T01:15:00Z")] // +05:45
    [InlineData("America/Sao_Paulo", "22:00", "07:00", "2026-11-01T01:00:00Z", "2026-11-01T10:00:00Z")] // no summer time any more
    // Apia had no 30 December 2011: its Friday window is what is left of it.
    [InlineData("Pacific/Apia", "22:00", "07:00", "2011-12-30T10:00:00Z", "2011-12-30T17:00:00Z")]
    public void Quiet_time_ends_when_the_wall_says_so(string id, string from, string to, string now, string? until)
    {
        var schedule = QuietSchedule.FromQuiet([Window(WeekDays.All, from, to)]);
        Assert.Equal(until is null ? null : Moment(until), schedule.Find(Zones.Get(id), Moment(now))?.Until);
    }

    [Theory]
    [InlineData("2026-11-29T21:00:00Z", "2026-11-30T06:00:00Z")] // Sunday evening
    [InlineData("2026-11-30T05:59:59Z", "2026-11-30T06:00:00Z")] // Monday morning belongs to Sunday
    [InlineData("2026-12-04T21:30:00Z", null)] // Friday evening
    [InlineData("2026-12-04T05:30:00Z", "2026-12-04T06:00:00Z")] // Friday morning belongs to Thursday
    public void Window_belongs_to_the_day_it_begins_on(string now, string? until)
    {
        var days = WeekDays.All & ~WeekDays.Friday & ~WeekDays.Saturday;
        var schedule = QuietSchedule.FromQuiet([Window(days, "22:00", "07:00")]);
        Assert.Equal(until is null ? null : Moment(until), schedule.Find(Zones.Get("Europe/Berlin"), Moment(now))?.Until);
    }

    [Fact]
    public void Windows_that_overlap_or_touch_are_one()
    {
        var schedule = QuietSchedule.FromQuiet([
            Window(WeekDays.All, "12:00", "13:00"),
            Window(WeekDays.All, "22:00", "02:00"),
            Window(WeekDays.All, "02:00", "05:00"),
            Window(WeekDays.All, "04:00", "07:00"),
        ]);
        Assert.Equal(14, schedule.Stretches.Count());
        var found = schedule.Find(DateTimeZone.Utc, Moment("2026-11-30T23:00:00Z"));
        Assert.Equal(Moment("2026-12-01T07:00:00Z"), found?.Until);
        Assert.Equal("22:00-07:00", found.ToString());
    }

    [Theory]
    [InlineData("2026-11-30T08:59:59Z", "2026-11-30T09:00:00Z", "fri 21:00-mon 09:00")]
    [InlineData("2026-11-30T09:00:00Z", null, null)]
    [InlineData("2026-11-30T21:00:00Z", "2026-12-01T09:00:00Z", "21:00-09:00")]
    [InlineData("2026-12-05T12:00:00Z", "2026-12-07T09:00:00Z", "fri 21:00-mon 09:00")]
    public void Time_outside_allowed_windows_is_quiet(string now, string? until, string? stretch)
    {
        var weekdays = WeekDays.All & ~WeekDays.Saturday & ~WeekDays.Sunday;
        var schedule = QuietSchedule.FromAllowed([Window(weekdays, "09:00", "21:00")]);
        var found = schedule.Find(DateTimeZone.Utc, Moment(now));
        Assert.Equal(until is null ? null : Moment(until), found?.Until);
        Assert.Equal(stretch, found?.ToString());
    }

    [Fact]
    public void Whole_week_is_found_out_however_it_is_covered()
    {
        Assert.True(QuietSchedule.FromQuiet([Window(WeekDays.All, "00:00", "24:00")]).CoversWeek);
        Assert.True(QuietSchedule.FromQuiet([Window(WeekDays.All, "22:00", "12:00"), Window(WeekDays.All, "12:00", "22:00")]).CoversWeek);
        Assert.True(QuietSchedule.FromAllowed([]).CoversWeek);
        Assert.False(QuietSchedule.FromQuiet([Window(WeekDays.All, "22:00", "21:59")]).CoversWeek);
        Assert.False(QuietSchedule.FromQuiet([]).CoversWeek);
        Assert.False(QuietSchedule.FromAllowed([Window(WeekDays.All, "00:00", "24:00")]).CoversWeek);
        var always = QuietSchedule.FromAllowed([]).Find(DateTimeZone.Utc, Moment("2026-11-30T09:00:00Z"));
        Assert.Equal(Instant.MaxValue, always?.Until);
    }

    [Theory]
    [InlineData("09:00", 540)]
    [InlineData("00:00", 0)]
    [InlineData("23:59", 1439)]
    [InlineData("24:00", 1440)]
    [InlineData("24:01", null)]
    [InlineData("25:00", null)]
    [InlineData("12:60", null)]
    [InlineData("9:00", null)]
    [InlineData("09:00:00", null)]
    [InlineData("+9:00", null)]
    [InlineData("09.00", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Times_of_day_have_hours_and_minutes(string? text, int? minutes)
    {
        Assert.Equal(minutes is not null, ClockTime.TryParse(text, out var read));
        if (minutes is not null)
            Assert.Equal((minutes, text), (read, ClockTime.Format(read)));
    }

    [Fact]
    public void Days_have_names_from_monday_on()
    {
        Assert.Equal(7, WeekDayNames.All.Count);
        foreach (var name in WeekDayNames.All)
        {
            Assert.True(WeekDayNames.TryParse(name, out var day));
            Assert.Equal([name], WeekDayNames.NamesOf(day));
        }
        Assert.Equal(WeekDays.Monday, WeekDayNames.TryParse("mon", out var monday) ? monday : default);
        Assert.Equal(WeekDayNames.All, WeekDayNames.NamesOf(WeekDays.All));
        Assert.False(WeekDayNames.TryParse("Mon", out _));
        Assert.False(WeekDayNames.TryParse(null, out _));
    }

    [Theory]
    [InlineData(WeekDays.None, 0, 60)]
    [InlineData(WeekDays.All, 60, 60)]
    [InlineData(WeekDays.All, 1440, 60)]
    [InlineData(WeekDays.All, 0, 0)]
    [InlineData(WeekDays.All, 0, 1441)]
    [InlineData(WeekDays.All, -1, 60)]
    public void Window_out_of_range_is_refused(WeekDays days, int from, int to) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new WeeklyWindow(days, from, to));

    private static WeeklyWindow Window(WeekDays days, string from, string to) =>
        new(days, ClockTime.TryParse(from, out var first) ? first : -1, ClockTime.TryParse(to, out var end) ? end : -1);

    private static Instant Moment(string text) => InstantPattern.ExtendedIso.Parse(text).Value;
}
