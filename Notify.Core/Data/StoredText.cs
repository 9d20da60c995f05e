namespace Notify.Core.Data;

/// <summary>Text from outside on its way into a column: Postgres refuses NUL, and nobody wants control characters on a page.</summary>
public static class StoredText
{
    public static string? Clean(string? text, int maxLength)
    {
        if (text is null)
            return null;
        var bounded = text.Length > maxLength ? text[..maxLength] : text;
        return bounded.AsSpan().IndexOfAnyInRange('\0', '\x1F') < 0 ? bounded : new string([.. bounded.Where(c => c > '\x1F')]);
    }

    /// <summary>Whether a name (a tenant, an app) can be stored as it is.</summary>
    public static bool IsName(string text, int maxLength) => text.Length > 0 && text.Length <= maxLength && !text.Any(char.IsControl);
}
