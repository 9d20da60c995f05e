using System.Text;

namespace Notify.Sandbox.Mail;

/// <summary>Undoes base64 and quoted-printable. What is malformed is taken as it stands: a reader should see it.</summary>
internal static class TransferEncoding
{
    public static byte[] Decode(ReadOnlySpan<byte> body, string? encoding) =>
        encoding?.Trim().ToLowerInvariant() switch
        {
            "base64" => Base64(body),
            "quoted-printable" => QuotedPrintable(body, underscoreIsBlank: false),
            _ => body.ToArray(),
        };

    public static byte[] Base64(ReadOnlySpan<byte> body)
    {
        var text = new char[body.Length];
        var length = 0;
        foreach (var letter in body)
        {
            if (char.IsAsciiLetterOrDigit((char)letter) || letter is (byte)'+' or (byte)'/')
                text[length++] = (char)letter;
        }

        var padded = new string(text, 0, length - (length % 4 == 1 ? 1 : 0));
        return Convert.FromBase64String(padded.PadRight((padded.Length + 3) / 4 * 4, '='));
    }

    public static byte[] QuotedPrintable(ReadOnlySpan<byte> body, bool underscoreIsBlank)
    {
        var decoded = new byte[body.Length];
        var length = 0;
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] == '=' && i + 2 < body.Length && char.IsAsciiHexDigit((char)body[i + 1]) && char.IsAsciiHexDigit((char)body[i + 2]))
            {
                decoded[length++] = Convert.FromHexString(Encoding.ASCII.GetString(body.Slice(i + 1, 2)))[0];
                i += 2;
            }
            else if (body[i..].StartsWith("=\r\n"u8))
            {
                i += 2;
            }
            else if (body[i..].StartsWith("=\n"u8))
            {
                i += 1;
            }
            else
            {
                decoded[length++] = underscoreIsBlank && body[i] == '_' ? (byte)' ' : body[i];
            }
        }

        return decoded[..length];
    }
}
