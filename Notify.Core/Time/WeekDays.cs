using System.Numerics;

namespace Notify.Core.Time;

/// <summary>A set of days of the week.</summary>
[Flags]
public enum WeekDays
{
    None = 0,
    Monday = 1 << 0,
    Tuesday = 1 << 1,
    Wednesday = 1 << 2,
    Thursday = 1 << 3,
    Friday = 1 << 4,
    Saturday = 1 << 5,
    Sunday = 1 << 6,
    All = (1 << 7) - 1,
}

/// <summary>The wire names of days, from <c>mon</c> to <c>sun</c>, and their order: weeks begin on Monday (ISO 8601).</summary>
public static class WeekDayNames
{
    private static readonly string[] s_names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    public static IReadOnlyList<string> All => s_names;

    /// <summary>One day from its name; false for anything else.</summary>
    public static bool TryParse(string? name, out WeekDays day)
    {
        var at = Array.IndexOf(s_names, name);
        day = at < 0 ? WeekDays.None : (WeekDays)(1 << at);
        return at >= 0;
    }

    /// <summary>The names of the days of a set, Monday first.</summary>
    public static IReadOnlyList<string> NamesOf(WeekDays days) => [.. s_names.Where((_, at) => days.HasFlag((WeekDays)(1 << at)))];

    /// <summary>How many days are in the set, 0 to 7.</summary>
    public static int Count(this WeekDays days) => BitOperations.PopCount((uint)days);
}
