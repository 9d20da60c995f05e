using System.Text;

namespace Notify.Sandbox.Mail;

/// <summary>
/// Reads a mail for viewing, when somebody looks and not before. Small and forgiving: it finds the first text, the first HTML, and lists
/// the rest.
/// </summary>
internal static class MailParser
{
    private const int MaxDepth = 10;
    private const int MaxParts = 200;

    public static ParsedMail Parse(ReadOnlySpan<byte> source)
    {
        var headers = MailHeaders.Parse(source, out var body);
        var found = new Found();
        Walk(headers, body, found, 0);
        return new ParsedMail(
            EncodedWords.Decode(headers["Subject"]),
            EncodedWords.Decode(headers["From"]),
            EncodedWords.Decode(headers["To"]),
            headers["Date"],
            found.Text,
            found.Html,
            found.Attachments
        );
    }

    /// <summary>The subject alone, for lists.</summary>
    public static string? SubjectOf(ReadOnlySpan<byte> source) => EncodedWords.Decode(MailHeaders.Parse(source, out _)["Subject"]);

    private static void Walk(MailHeaders headers, ReadOnlySpan<byte> body, Found found, int depth)
    {
        if (++found.Parts > MaxParts)
            return;
        var type = ContentType.Parse(headers["Content-Type"]);
        if (
            type.Type.StartsWith("multipart/", StringComparison.Ordinal)
            && type["boundary"] is { Length: > 0 } boundary
            && depth < MaxDepth
        )
        {
            WalkParts(body, Encoding.UTF8.GetBytes("--" + boundary), found, depth);
            return;
        }

        var disposition = ContentType.Parse(headers["Content-Disposition"] ?? "inline");
        var bytes = TransferEncoding.Decode(body, headers["Content-Transfer-Encoding"]);
        if (disposition.Type != "attachment" && type.Type == "text/plain" && found.Text is null)
            found.Text = Charset.Decode(bytes, type["charset"]);
        else if (disposition.Type != "attachment" && type.Type == "text/html" && found.Html is null)
            found.Html = Charset.Decode(bytes, type["charset"]);
        else
            found.Attachments.Add(
                new MailPart(EncodedWords.Decode(disposition["filename"] ?? type["name"]) ?? "part", type.Type, bytes.Length)
            );
    }

    private static void WalkParts(ReadOnlySpan<byte> body, ReadOnlySpan<byte> delimiter, Found found, int depth)
    {
        var start = -1;
        for (var at = 0; at < body.Length; )
        {
            var length = body[at..].IndexOf((byte)'\n');
            var next = length < 0 ? body.Length : at + length + 1;
            var line = body[at..next].TrimEnd(" \t\r\n"u8);
            var closes = line.Length == delimiter.Length + 2 && line.EndsWith("--"u8);
            if (line.StartsWith(delimiter) && (line.Length == delimiter.Length || closes))
            {
                if (start >= 0)
                    WalkPart(WithoutLineEnd(body[start..at]), found, depth);
                start = next;
                if (closes)
                    return;
            }

            at = next;
        }

        if (start >= 0)
            WalkPart(body[start..], found, depth); // the closing delimiter is missing
    }

    private static void WalkPart(ReadOnlySpan<byte> part, Found found, int depth)
    {
        var headers = MailHeaders.Parse(part, out var content);
        Walk(headers, content, found, depth + 1);
    }

    /// <summary>The line end before a delimiter belongs to the delimiter.</summary>
    private static ReadOnlySpan<byte> WithoutLineEnd(ReadOnlySpan<byte> part) =>
        part.EndsWith("\r\n"u8) ? part[..^2]
        : part.EndsWith("\n"u8) ? part[..^1]
        : part;

    private sealed class Found
    {
        public string? Text { get; set; }

        public string? Html { get; set; }

        public int Parts { get; set; }

        public List<MailPart> Attachments { get; } = [];
    }
}
