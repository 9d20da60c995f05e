using System.Globalization;

namespace Notify.Sandbox.Smtp;

/// <summary>Reads the arguments of MAIL and RCPT.</summary>
internal static class SmtpPath
{
    private const int MaxLength = 512;

    /// <param name="argument">What follows the verb, such as <c>FROM:&lt;a@example.com&gt; SIZE=100</c>.</param>
    /// <param name="keyword"><c>FROM:</c> or <c>TO:</c>.</param>
    /// <param name="parameters">What follows the address.</param>
    /// <returns>The address, empty for the null sender; null for bad syntax.</returns>
    public static string? Parse(string argument, string keyword, out string parameters)
    {
        parameters = "";
        if (!argument.StartsWith(keyword, StringComparison.OrdinalIgnoreCase))
            return null;
        var path = argument.AsSpan(keyword.Length).Trim();
        var end = path.IndexOf('>');
        if (path is not ['<', ..] || end < 0 || end > MaxLength)
            return null;
        parameters = path[(end + 1)..].Trim().ToString();
        var address = path[1..end];
        return address.ContainsAny(" \t\"<,") || address.ContainsAnyInRange('\0', '\x1f') ? null : address.ToString();
    }

    public static bool IsRecipient(string address)
    {
        var at = address.LastIndexOf('@');
        return (at > 0 && at < address.Length - 1) || string.Equals(address, "postmaster", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The size that the sender announces, in bytes; 0 where it does not.</summary>
    public static long SizeOf(string parameters)
    {
        foreach (var parameter in parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (
                parameter.StartsWith("SIZE=", StringComparison.OrdinalIgnoreCase)
                && long.TryParse(parameter.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            )
                return size;
        }

        return 0;
    }
}
