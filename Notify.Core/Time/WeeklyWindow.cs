namespace Notify.Core.Time;

/// <summary>
/// A span of local time that comes again every week on some days, quiet or allowed as its owner says. It is half-open (its first minute
/// is in it, its last is not) and belongs to the days on which it begins: <c>22:00</c> to <c>07:00</c> on Sunday ends on Monday.
/// </summary>
public readonly record struct WeeklyWindow
{
    /// <param name="days">At least one day.</param>
    /// <param name="from">Minutes since midnight, 0 to 1,439.</param>
    /// <param name="to">Minutes since midnight, 0 to 1,440, and another than <paramref name="from"/>. At or below it, the window ends on
    /// the next day. 0 means the same midnight as 1,440 and is kept as that.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is outside its range.</exception>
    public WeeklyWindow(WeekDays days, int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfZero((int)(days & WeekDays.All), nameof(days));
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(from, ClockTime.MinutesOfDay);
        ArgumentOutOfRangeException.ThrowIfNegative(to);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to, ClockTime.MinutesOfDay);
        ArgumentOutOfRangeException.ThrowIfEqual(to, from);
        (Days, From, To) = (days & WeekDays.All, from, to == 0 ? ClockTime.MinutesOfDay : to);
    }

    public WeekDays Days { get; }

    /// <summary>Minutes since midnight, 0 to 1,439.</summary>
    public int From { get; }

    /// <summary>Minutes since midnight, 1 to 1,440.</summary>
    public int To { get; }

    /// <summary>Minutes, 1 to 1,440, as long as no clock changes.</summary>
    public int Length => To > From ? To - From : To + ClockTime.MinutesOfDay - From;

    /// <summary><c>mon,tue 22:00-07:00</c>.</summary>
    public override string ToString() => $"{string.Join(',', WeekDayNames.NamesOf(Days))} {ClockTime.Format(From)}-{ClockTime.Format(To)}";
}
