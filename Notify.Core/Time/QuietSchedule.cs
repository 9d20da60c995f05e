using NodaTime;

namespace Notify.Core.Time;

/// <summary>
/// When somebody is not to be disturbed: windows of local time, merged into stretches that neither overlap nor touch. It knows no zone;
/// each question names one.
/// </summary>
/// <remarks>
/// What holds where clocks change: a stretch begins at the first moment at which the clock shows its start, and ends at the last moment at
/// which it shows its end. So a start that occurs twice is the earlier one, an end that occurs twice the later one, and what happens
/// between them (the repeated hour) is quiet throughout. A start or end that the clock jumps over is the moment of the jump: a window that
/// lies wholly in a gap is empty, and one that begins in it begins at the gap's end. The times of a window of allowed time
/// (<see cref="FromAllowed"/>) are those of the quiet stretches around it, so that doubt is always decided for quiet.
/// </remarks>
public sealed class QuietSchedule
{
    internal const int MinutesOfWeek = 7 * ClockTime.MinutesOfDay;
    private const long SecondsOfWeek = MinutesOfWeek * 60L;

    /// <summary>Monday, 5 January 1970, 00:00, in seconds since 1970 on the wall: where weeks are counted from.</summary>
    private const long FirstMonday = 4 * 24 * 3600;

    // Minutes since Monday 00:00: sorted, disjoint, not touching; the last end may lie in the next week, above MinutesOfWeek.
    private readonly int[] _starts;
    private readonly int[] _ends;

    private QuietSchedule(WeekStretches stretches) => (_starts, _ends) = (stretches.Starts, stretches.Ends);

    /// <summary>Quiet inside the windows.</summary>
    public static QuietSchedule FromQuiet(IReadOnlyList<WeeklyWindow> windows) => new(WeekStretches.Merge(windows));

    /// <summary>Quiet outside the windows. Without a window, always quiet.</summary>
    public static QuietSchedule FromAllowed(IReadOnlyList<WeeklyWindow> windows) => new(WeekStretches.Merge(windows).Complement());

    /// <summary>Whether no minute of the week is left to send in: nobody should be able to ask for this.</summary>
    public bool CoversWeek => _starts.Length == 1 && _ends[0] - _starts[0] == MinutesOfWeek;

    /// <summary>The merged stretches in minutes since Monday 00:00, in order; the last may end in the next week.</summary>
    public IEnumerable<(int From, int To)> Stretches => _starts.Zip(_ends);

    /// <summary>Whether the moment is quiet in this zone.</summary>
    public bool IsQuiet(DateTimeZone zone, Instant now) => StretchAt(zone, SecondsOf(now)) is not null;

    /// <summary>
    /// The quiet time that the moment lies in; null where it is not quiet. Costs look-ups of zone intervals that NodaTime caches, and
    /// allocates nothing where they are in its cache.
    /// </summary>
    public QuietStretch? Find(DateTimeZone zone, Instant now)
    {
        if (StretchAt(zone, SecondsOf(now)) is not { } first)
            return null;
        var end = CoversWeek ? Instant.MaxValue : now;
        // Clocks that change can make stretches meet that are apart on the wall, so ask again at the end. Each turn leaves one stretch
        // behind, and only a change of the clock can hide the time that each week has between two of them.
        for (StretchInTime? next = CoversWeek ? null : first; next is { } stretch; next = StretchAt(zone, SecondsOf(end)))
        {
            var last = Instant.FromUnixTimeSeconds(LastMomentOf(zone, stretch.LocalEnd, stretch.Offset));
            if (last <= end)
                break; // data in which a clock changes twice within a day, which no zone does
            end = last;
        }
        return new(end, _starts[first.Index], _ends[first.Index]);
    }

    /// <summary>A stretch that a moment lies in, its end in seconds on the wall, and the zone's offset at the moment.</summary>
    private readonly record struct StretchInTime(int Index, long LocalEnd, int Offset);

    private StretchInTime? StretchAt(DateTimeZone zone, long now)
    {
        if (_starts.Length == 0)
            return null;
        var (offset, begun, over) = WallAt(zone, now);
        // Of the stretches that have begun, the last is the one that ends last.
        var week = Math.DivRem(begun - FirstMonday, SecondsOfWeek, out var seconds);
        if (seconds < 0)
            (week, seconds) = (week - 1, seconds + SecondsOfWeek);
        var index = Array.BinarySearch(_starts, (int)(seconds / 60));
        if (index < 0)
            index = ~index - 1;
        if (index < 0)
            (week, index) = (week - 1, _starts.Length - 1);
        var end = FirstMonday + week * SecondsOfWeek + _ends[index] * 60L;
        return end > over ? new(index, end, offset) : null;
    }

    /// <summary>
    /// What the clock says about starts and ends: one has begun if its time on the wall is at or before <c>Begun</c>, and is over if it
    /// is at or before <c>Over</c>. Both are the time that the clock shows, except in an hour that occurs twice: during its first pass no
    /// end within it is over, since it comes again; during its second, every start within it has been.
    /// </summary>
    private static (int Offset, long Begun, long Over) WallAt(DateTimeZone zone, long now)
    {
        var interval = zone.GetZoneInterval(Instant.FromUnixTimeSeconds(now));
        var offset = interval.WallOffset.Seconds;
        var (begun, over) = (now + offset, now + offset);
        if (interval.HasEnd && SecondsOf(interval.End) is var end && end - now <= Shift)
        {
            var repeated = end + zone.GetZoneInterval(interval.End).WallOffset.Seconds;
            if (now + offset >= repeated)
                over = repeated - 1;
        }
        if (interval.HasStart && SecondsOf(interval.Start) is var start && now - start < Shift)
        {
            var repeated = start + zone.GetZoneInterval(interval.Start - Duration.Epsilon).WallOffset.Seconds;
            if (now + offset < repeated)
                begun = repeated - 1;
        }
        return (offset, begun, over);
    }

    /// <summary>The last moment at which the clock shows this time; the moment of the jump where it never does.</summary>
    private static long LastMomentOf(DateTimeZone zone, long local, int offset)
    {
        // The last interval whose first local time is not after it; the guess is at most one change of the clock away.
        var interval = zone.GetZoneInterval(Instant.FromUnixTimeSeconds(local - offset));
        if (interval.HasEnd && zone.GetZoneInterval(interval.End) is var next && LocalStartOf(next) <= local)
            interval = next;
        else if (interval.HasStart && LocalStartOf(interval) > local)
            interval = zone.GetZoneInterval(interval.Start - Duration.Epsilon);
        var moment = local - interval.WallOffset.Seconds;
        return interval.HasEnd ? Math.Min(moment, SecondsOf(interval.End)) : moment;
    }

    /// <summary>Seconds: no zone has ever changed its clock by more than a day (Samoa, 2011).</summary>
    private const long Shift = 24 * 3600;

    private static long LocalStartOf(NodaTime.TimeZones.ZoneInterval interval) => SecondsOf(interval.Start) + interval.WallOffset.Seconds;

    private static long SecondsOf(Instant moment) => moment.ToUnixTimeSeconds();
}
