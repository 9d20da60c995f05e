using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Notify.Workers.Sms.Gateway;

/// <summary>A set of HTTP status codes, written such as <c>200-299,304</c>.</summary>
internal sealed class StatusRanges
{
    private readonly List<(int First, int Last)> _ranges = [];

    public static bool TryParse(string? text, [NotNullWhen(true)] out StatusRanges? ranges)
    {
        ranges = new StatusRanges();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            if (
                !TryParseCode(dash < 0 ? part : part[..dash], out var first)
                || !TryParseCode(dash < 0 ? part : part[(dash + 1)..], out var last)
                || first > last
            )
            {
                ranges = null;
                return false;
            }

            ranges._ranges.Add((first, last));
        }

        return true;
    }

    public bool Contains(int status) => _ranges.Exists(range => status >= range.First && status <= range.Last);

    private static bool TryParseCode(string text, out int code) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out code) && code is >= 100 and <= 599;
}
