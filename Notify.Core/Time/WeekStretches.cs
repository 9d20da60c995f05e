namespace Notify.Core.Time;

/// <summary>Parts of a week in minutes since Monday 00:00, sorted, neither overlapping nor touching, also not around the week's
/// end.</summary>
internal readonly record struct WeekStretches(int[] Starts, int[] Ends)
{
    private const int Week = QuietSchedule.MinutesOfWeek;

    /// <summary>The union of windows.</summary>
    public static WeekStretches Merge(IReadOnlyList<WeeklyWindow> windows)
    {
        var parts = new List<(int Start, int End)>(windows.Count * 7 + 1);
        foreach (var window in windows)
        {
            for (var day = 0; day < 7; day++)
            {
                if (!window.Days.HasFlag((WeekDays)(1 << day)))
                    continue;
                var start = day * ClockTime.MinutesOfDay + window.From;
                var end = start + window.Length;
                parts.Add((start, Math.Min(end, Week)));
                if (end > Week)
                    parts.Add((0, end - Week)); // Sunday night
            }
        }
        parts.Sort();
        var merged = new List<(int Start, int End)>(parts.Count);
        foreach (var part in parts)
        {
            if (merged.Count > 0 && part.Start <= merged[^1].End)
                merged[^1] = (merged[^1].Start, Math.Max(merged[^1].End, part.End));
            else
                merged.Add(part);
        }
        return Close(merged);
    }

    /// <summary>The rest of the week.</summary>
    public WeekStretches Complement()
    {
        var rest = new List<(int Start, int End)>(Starts.Length + 1);
        var free = Starts.Length > 0 ? Math.Max(0, Ends[^1] - Week) : 0; // what reaches over the week's end
        for (var i = 0; i < Starts.Length; i++)
        {
            if (Starts[i] > free)
                rest.Add((free, Starts[i]));
            free = Ends[i];
        }
        if (free < Week)
            rest.Add((free, Week));
        return Close(rest);
    }

    /// <summary>Joins what ends with the week to what begins with it.</summary>
    private static WeekStretches Close(List<(int Start, int End)> parts)
    {
        if (parts.Count > 1 && parts[0].Start == 0 && parts[^1].End == Week)
        {
            parts[^1] = (parts[^1].Start, Week + parts[0].End);
            parts.RemoveAt(0);
        }
        return new([.. parts.Select(part => part.Start)], [.. parts.Select(part => part.End)]);
    }
}
