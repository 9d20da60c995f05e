using System.Buffers;
using Notify.Core.Notifications;

namespace Notify.Core.Preferences;

/// <summary>What a category's id may look like: the same as in a request for a notification.</summary>
public static class CategoryIds
{
    private static readonly SearchValues<char> s_allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>What is expected, for a person to read.</summary>
    public static string Expected { get; } = $"1 to {NotificationLimits.CategoryLength} of a-z, 0-9, dot, underscore and hyphen.";

    public static bool IsValid(ReadOnlySpan<char> id) =>
        id.Length is > 0 and <= NotificationLimits.CategoryLength && !id.ContainsAnyExcept(s_allowed);
}
