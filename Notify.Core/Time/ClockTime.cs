using System.Globalization;

namespace Notify.Core.Time;

/// <summary>Times of day as a clock on the wall shows them, in whole minutes since midnight.</summary>
public static class ClockTime
{
    public const int MinutesOfDay = 24 * 60;

    /// <summary>
    /// Reads <c>HH:mm</c> with two digits each, <c>00:00</c> to <c>24:00</c>. <c>24:00</c> is the midnight at which a day ends (ISO
    /// 8601-1, Amendment 1 of 2022), and gives 1,440: whether that is allowed is for the caller to say.
    /// </summary>
    public static bool TryParse(string? text, out int minutes)
    {
        minutes = 0;
        if (
            text is not { Length: 5 }
            || text[2] != ':'
            || !int.TryParse(text.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var hour)
            || !int.TryParse(text.AsSpan(3, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var minute)
            || minute > 59
            || hour * 60 + minute > MinutesOfDay
        )
            return false;
        minutes = hour * 60 + minute;
        return true;
    }

    /// <summary><c>22:00</c>.</summary>
    /// <param name="minutes">0 to 1,440.</param>
    public static string Format(int minutes) => $"{minutes / 60:00}:{minutes % 60:00}";
}
