using System.Text;

namespace Notify.Core.Notifications;

/// <summary>Text from outside on its way into a column: Postgres refuses NUL, UTF-8 has no half of a surrogate pair, and nobody wants
/// control characters on a page.</summary>
public static class StoredText
{
    public static string? Clean(string? text, int maxLength)
    {
        if (text is null)
            return null;
        var bounded = text.Length > maxLength ? text[..maxLength] : text;
        if (!bounded.AsSpan().ContainsAnyInRange('\0', '\x1F') && !bounded.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            return bounded;
        var clean = new StringBuilder(bounded.Length);
        for (var at = 0; at < bounded.Length; at++)
        {
            var isPair = at + 1 < bounded.Length && char.IsSurrogatePair(bounded[at], bounded[at + 1]);
            if (isPair)
                clean.Append(bounded[at++]).Append(bounded[at]);
            else if (bounded[at] > '\x1F' && !char.IsSurrogate(bounded[at]))
                clean.Append(bounded[at]);
        }
        return clean.ToString();
    }

    /// <summary>Whether a name (a tenant, an app) can be stored as it is.</summary>
    public static bool IsName(string text, int maxLength) => text.Length > 0 && text.Length <= maxLength && !text.Any(char.IsControl);
}
