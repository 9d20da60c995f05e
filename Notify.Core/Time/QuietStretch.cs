using NodaTime;

namespace Notify.Core.Time;

/// <summary>The quiet time that a moment lies in.</summary>
/// <param name="Until">The first moment after it that is not quiet; <see cref="Instant.MaxValue"/> where the whole week is
/// quiet.</param>
/// <param name="FromMinute">Where the merged windows begin, in minutes since Monday 00:00 on the wall, 0 to 10,079.</param>
/// <param name="ToMinute">Where they end, above <paramref name="FromMinute"/>; above 10,080 where that is in the next week.</param>
public readonly record struct QuietStretch(Instant Until, int FromMinute, int ToMinute)
{
    /// <summary><c>22:00-07:00</c>; <c>fri 22:00-mon 07:00</c> where it is longer than a day.</summary>
    public override string ToString() =>
        ToMinute - FromMinute <= ClockTime.MinutesOfDay
            ? $"{TimeOf(FromMinute)}-{TimeOf(ToMinute)}"
            : $"{DayOf(FromMinute)} {TimeOf(FromMinute)}-{DayOf(ToMinute)} {TimeOf(ToMinute)}";

    private static string TimeOf(int minute) => ClockTime.Format(minute % ClockTime.MinutesOfDay);

    private static string DayOf(int minute) => WeekDayNames.All[minute / ClockTime.MinutesOfDay % 7];
}
