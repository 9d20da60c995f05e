using System.Text;

namespace MimeKit;

/// <summary>Text in UTF-8, in whichever transfer encoding is shortest and passes every server.</summary>
public class TextPart(string subtype) : MimeEntity
{
    /// <summary>What RFC 5321 allows a line to have without its end.</summary>
    private const int LongestLine = 998;

    public TextPart() : this("plain")
    {
    }

    public string Text { get; set; } = "";

    public bool IsHtml => subtype.Equals("html", StringComparison.OrdinalIgnoreCase);

    public bool IsPlain => subtype.Equals("plain", StringComparison.OrdinalIgnoreCase);

    internal override byte[] Encode()
    {
        var bytes = Encoding.UTF8.GetBytes(WithLineEnds(Text));
        var (encoding, content) = Choose(bytes);
        Headers.Replace(HeaderId.ContentType, $"text/{subtype}; charset=utf-8");
        Headers.Replace(HeaderId.ContentTransferEncoding, encoding);
        return content;
    }

    /// <summary>CR, LF and CRLF all end a line; the other separators of Unicode are content.</summary>
    private static string WithLineEnds(string text) => text
        .Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace("\n", "\r\n", StringComparison.Ordinal);

    private static (string Encoding, byte[] Content) Choose(byte[] bytes)
    {
        var foreign = bytes.Count(octet => octet is 0 or >= 127 or < 32 and not ((byte)'\r' or (byte)'\n' or (byte)'\t'));
        if (foreign == 0 && !HasLongLine(bytes))
            return ("7bit", bytes);
        return foreign * 5 <= bytes.Length
            ? ("quoted-printable", Encoding.ASCII.GetBytes(QuotedPrintable.Encode(bytes)))
            : ("base64", Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes, Base64FormattingOptions.InsertLineBreaks)));
    }

    private static bool HasLongLine(ReadOnlySpan<byte> bytes)
    {
        foreach (var line in bytes.Split((byte)'\n'))
        {
            if (line.End.Value - line.Start.Value > LongestLine)
                return true;
        }

        return false;
    }
}
