using System.Globalization;
using System.Text;

namespace MimeKit;

/// <summary>RFC 2045 section 6.7; lines of at most 76 characters, CRLF kept as line ends.</summary>
internal static class QuotedPrintable
{
    private const int Column = 76;

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var encoded = new StringBuilder(bytes.Length + bytes.Length / 4);
        var column = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '\r' && i + 1 < bytes.Length && bytes[i + 1] == '\n')
            {
                encoded.Append("\r\n");
                column = 0;
                i++;
                continue;
            }

            var lineEnds = i + 1 == bytes.Length || bytes[i + 1] == '\r';
            var literal = bytes[i] is >= 33 and <= 126 and not (byte)'=' || bytes[i] is (byte)' ' or (byte)'\t' && !lineEnds;
            var width = literal ? 1 : 3;
            if (column + width > Column - 1)
            {
                encoded.Append("=\r\n");
                column = 0;
            }

            _ = literal ? encoded.Append((char)bytes[i]) : encoded.Append('=').Append(bytes[i].ToString("X2", CultureInfo.InvariantCulture));
            column += width;
        }

        return encoded.ToString();
    }

    /// <summary>Takes what others write: soft breaks with either line end, a stray equals sign as itself.</summary>
    public static byte[] Decode(ReadOnlySpan<byte> text)
    {
        using var decoded = new MemoryStream(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var rest = text[(i + 1)..];
            if (text[i] != '=')
            {
                decoded.WriteByte(text[i]);
            }
            else if (rest.StartsWith("\r\n"u8))
            {
                i += 2;
            }
            else if (rest.StartsWith("\n"u8))
            {
                i += 1;
            }
            else if (rest.Length >= 2 && byte.TryParse(rest[..2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                decoded.WriteByte(octet);
                i += 2;
            }
            else
            {
                decoded.WriteByte(text[i]);
            }
        }

        return decoded.ToArray();
    }
}
