using System.Text;

namespace Notify.Api.Paths;

/// <summary>The segments of a request's path, decoded.</summary>
internal static class PathSegments
{
    private const int EscapeLength = 3;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Without dot segments, as the server takes them out (RFC 3986 §5.2.4), and without the empty one behind a last slash. Null where an
    /// escape is none, or the bytes are not UTF-8.
    /// </summary>
    /// <param name="target">The request's target as it was sent: a path or a whole URL, with its query.</param>
    public static List<string>? Read(string target)
    {
        var path = PathOf(target);
        var segments = new List<string>();
        foreach (var range in path.Split('/'))
        {
            if (range.Start.Equals(range.End) && (range.Start.Value == 0 || range.End.Value == path.Length))
                continue;
            switch (Decode(path[range]))
            {
                case null:
                    return null;
                case ".":
                    break;
                case "..":
                    if (segments.Count > 0)
                        segments.RemoveAt(segments.Count - 1);
                    break;
                case { } segment:
                    segments.Add(segment);
                    break;
            }
        }
        return segments;
    }

    private static ReadOnlySpan<char> PathOf(string target)
    {
        var path = target.AsSpan();
        if (path.IndexOfAny('?', '#') is >= 0 and var end)
            path = path[..end];
        if (path is ['/', ..] || path.IndexOf("://", StringComparison.Ordinal) is not (>= 0 and var scheme))
            return path;
        var authority = path[(scheme + 3)..];
        return authority.IndexOf('/') is >= 0 and var start ? authority[start..] : [];
    }

    private static string? Decode(ReadOnlySpan<char> segment)
    {
        if (!segment.Contains('%'))
            return segment.ToString();
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(segment.Length)];
        var length = 0;
        for (var at = 0; at < segment.Length; at++)
        {
            if (segment[at] != '%')
            {
                bytes[length++] = (byte)segment[at]; // a request line is ASCII; the server sees to that
                continue;
            }
            if (at + EscapeLength > segment.Length || !char.IsAsciiHexDigit(segment[at + 1]) || !char.IsAsciiHexDigit(segment[at + 2]))
                return null;
            bytes[length++] = Convert.FromHexString(segment.Slice(at + 1, 2))[0];
            at += EscapeLength - 1;
        }
        try
        {
            return Strict.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
