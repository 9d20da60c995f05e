using System.Text;
using System.Text.RegularExpressions;

namespace MimeKit;

/// <summary>Reads what notification mails are made of: text parts, alone or in one multipart.</summary>
internal static partial class MimeReader
{
    public static MimeMessage Read(byte[] bytes)
    {
        var (headers, content) = Split(Encoding.Latin1.GetString(bytes));
        return new MimeMessage(headers, Entity(headers, content));
    }

    private static MimeEntity Entity(List<Header> headers, string content)
    {
        var type = Value(headers, "Content-Type") ?? "text/plain";
        var media = type.Split(';')[0].Trim();
        MimeEntity entity;
        if (media.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) && Boundary().Match(type) is { Success: true } boundary)
        {
            var multipart = new Multipart(media["multipart/".Length..]);
            foreach (var part in Parts(content, boundary.Groups["value"].Value))
            {
                var (inner, text) = Split(part);
                multipart.Add(Entity(inner, text));
            }

            entity = multipart;
        }
        else
        {
            var charset = Charset().Match(type) is { Success: true } found ? found.Groups["value"].Value : "utf-8";
            entity = new TextPart(media[(media.IndexOf('/', StringComparison.Ordinal) + 1)..]) { Text = Charsets.Decode(charset, Transfer(headers, content)) };
        }

        foreach (var header in headers.Where(header => header.Field.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)))
            entity.Headers.Append(header);
        return entity;
    }

    private static byte[] Transfer(List<Header> headers, string content) => Value(headers, "Content-Transfer-Encoding")?.Trim().ToUpperInvariant() switch
    {
        "BASE64" => Convert.FromBase64String(content),
        "QUOTED-PRINTABLE" => QuotedPrintable.Decode(Encoding.Latin1.GetBytes(content)),
        _ => Encoding.Latin1.GetBytes(content),
    };

    private static (List<Header> Headers, string Content) Split(string entity)
    {
        var headers = new List<Header>();
        var rest = entity;
        while (rest.Length > 0)
        {
            var end = EndOfField().Match(rest) is { Success: true } match ? match.Index + match.Length : rest.Length;
            var line = rest[..end].TrimEnd('\r', '\n');
            rest = rest[end..];
            if (line.Length == 0)
                break;
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
                headers.Add(Header.Received(line[..colon].Trim(), Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(line[(colon + 1)..].TrimStart(' ')))));
        }

        return (headers, rest);
    }

    /// <summary>The line end before a boundary belongs to the boundary.</summary>
    private static IEnumerable<string> Parts(string content, string boundary)
    {
        var pieces = Regex.Split("\n" + content, $@"\r?\n--{Regex.Escape(boundary)}(?=--|[ \t]*\r?\n)");
        foreach (var piece in pieces.Skip(1).TakeWhile(piece => !piece.StartsWith("--", StringComparison.Ordinal)))
            yield return piece[(piece.IndexOf('\n', StringComparison.Ordinal) + 1)..];
    }

    private static string? Value(List<Header> headers, string field) =>
        headers.Find(header => header.Field.Equals(field, StringComparison.OrdinalIgnoreCase))?.Value;

    /// <summary>A line end that no white space follows, or an empty line.</summary>
    [GeneratedRegex(@"\n(?![ \t])")]
    private static partial Regex EndOfField();

    [GeneratedRegex(@"boundary\s*=\s*""?(?<value>[^"";\s]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Boundary();

    [GeneratedRegex(@"charset\s*=\s*""?(?<value>[^"";\s]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Charset();
}
