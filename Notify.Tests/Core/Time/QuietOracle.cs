using NodaTime;
using Notify.Core.Time;

namespace Notify.Tests.Core.Time;

/// <summary>
/// What is quiet, by definition and without a thought for speed: it walks through the minutes of some days, reads the clock on the wall at
/// each, and marks those from the first one that shows a window's start to the last one that shows its end. Where no minute shows a
/// time, because the clock jumps over it, the first minute after the jump stands for it.
/// </summary>
internal sealed class QuietOracle
{
    private const long Day = 24 * 60;
    private const int Week = 7 * 24 * 60;
    private readonly Instant _first;
    private readonly long[] _wall;
    private readonly Dictionary<long, (int First, int Last)> _shown = [];

    public QuietOracle(DateTimeZone zone, Instant first, Instant end)
    {
        _first = first;
        _wall = new long[(int)(end - first).TotalMinutes];
        for (var i = 0; i < _wall.Length; i++)
        {
            var local = (first + Duration.FromMinutes(i)).InZone(zone).LocalDateTime;
            _wall[i] = Period.DaysBetween(new LocalDate(1970, 1, 1), local.Date) * Day + local.Hour * 60 + local.Minute;
            _shown[_wall[i]] = _shown.TryGetValue(_wall[i], out var before) ? (before.First, i) : (i, i);
        }
    }

    public int Count => _wall.Length;

    public Instant At(int minute) => _first + Duration.FromMinutes(minute);

    /// <summary>Minute by minute, where these windows are quiet. Good from a day and a longest window after the first minute on.</summary>
    public bool[] Inside(IReadOnlyList<WeeklyWindow> windows)
    {
        var quiet = new bool[Count];
        for (var date = _wall[0] / Day; date <= _wall[^1] / Day; date++)
        {
            var weekday = (WeekDays)(1 << (int)((date + 3) % 7)); // 1 January 1970 was a Thursday
            foreach (var window in windows)
            {
                var start = date * Day + window.From;
                var end = date * Day + window.To + (window.To > window.From ? 0 : Day);
                if (window.Days.HasFlag(weekday))
                    Mark(quiet, start, end);
            }
        }
        return quiet;
    }

    /// <summary>The same where these windows are the allowed ones: each run of minutes of a week that none of them has is quiet.</summary>
    public bool[] Outside(IReadOnlyList<WeeklyWindow> windows)
    {
        var allowed = new bool[Week];
        foreach (var window in windows)
        {
            for (var day = 0; day < 7; day++)
            {
                for (var i = 0; i < window.Length && window.Days.HasFlag((WeekDays)(1 << day)); i++)
                    allowed[(day * Day + window.From + i) % Week] = true;
            }
        }
        var quiet = new bool[Count];
        for (var week = (_wall[0] + 3 * Day) / Week - 1; week <= (_wall[^1] + 3 * Day) / Week; week++)
        {
            for (var start = 0; start < Week; start++)
            {
                if (allowed[start] || !allowed[(start + Week - 1) % Week])
                    continue;
                var length = 1;
                while (!allowed[(start + length) % Week])
                    length++;
                var monday = week * Week - 3 * Day;
                Mark(quiet, monday + start, monday + start + length);
            }
        }
        return quiet;
    }

    private void Mark(bool[] quiet, long start, long end)
    {
        var from = _shown.TryGetValue(start, out var starts) ? starts.First : After(start);
        var to = _shown.TryGetValue(end, out var ends) ? ends.Last : After(end);
        for (var i = from; i < to; i++)
            quiet[i] = true;
    }

    private int After(long time)
    {
        var at = Array.FindIndex(_wall, shown => shown > time);
        return at < 0 ? Count : at;
    }
}
