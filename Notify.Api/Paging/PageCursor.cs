using System.Globalization;
using Notify.Core.Notifications;

namespace Notify.Api.Paging;

/// <summary>Where a page begins: after the entry of this time and id. Opaque to clients.</summary>
internal sealed record PageCursor(DateTimeOffset At, Guid Id)
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks:x}-{Id:N}");

    public static PageCursor? Parse(string? text, List<FieldError> errors, string parameter = "after")
    {
        if (text is null)
            return null;
        if (
            text.Split('-') is [var ticks, var id]
            && long.TryParse(ticks, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var at)
            && at >= DateTimeOffset.UnixEpoch.Ticks
            && at <= DateTimeOffset.MaxValue.Ticks
            && Guid.TryParseExact(id, "N", out var letter)
        )
            return new(new DateTimeOffset(at, TimeSpan.Zero), letter);
        errors.Add(new(parameter, "invalid", "Take the value of next of the page before."));
        return null;
    }

    /// <summary>A moment of the query.</summary>
    public static DateTimeOffset? Time(string parameter, string? text, List<FieldError> errors)
    {
        if (text is null)
            return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return time.ToUniversalTime();
        errors.Add(new(parameter, "invalid", "A time such as 2026-11-21T12:00:00Z."));
        return null;
    }

    /// <summary>Entries of a page: 1 to 200, 50 when left out.</summary>
    public static int Limit(string? text, List<FieldError> errors)
    {
        if (text is null)
            return DefaultLimit;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit)
            return limit;
        errors.Add(new("limit", "out_of_range", $"A whole number from 1 to {MaxLimit}."));
        return DefaultLimit;
    }

    /// <summary>An id as the beginning of a page.</summary>
    public static Guid? ParseId(string? text, List<FieldError> errors)
    {
        if (text is null)
            return null;
        if (Guid.TryParse(text, out var id))
            return id;
        errors.Add(new("after", "invalid", "Take the value of next of the page before."));
        return null;
    }
}
