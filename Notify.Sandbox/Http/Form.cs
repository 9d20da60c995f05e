using System.Text;

namespace Notify.Sandbox.Http;

/// <summary>Fields of an application/x-www-form-urlencoded body.</summary>
internal static class Form
{
    public static List<KeyValuePair<string, string>> Parse(ReadOnlySpan<byte> body)
    {
        var fields = new List<KeyValuePair<string, string>>(8);
        foreach (var range in body.Split((byte)'&'))
        {
            var field = body[range];
            if (field.IsEmpty)
                continue;
            var equals = field.IndexOf((byte)'=');
            fields.Add(equals < 0 ? new(Decode(field), "") : new(Decode(field[..equals]), Decode(field[(equals + 1)..])));
        }

        return fields;
    }

    public static string? Find(List<KeyValuePair<string, string>> fields, string name)
    {
        foreach (var (key, value) in fields)
        {
            if (key == name)
                return value;
        }

        return null;
    }

    private static string Decode(ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAny((byte)'%', (byte)'+') < 0)
            return Encoding.UTF8.GetString(text);
        var buffer = text.Length <= 512 ? stackalloc byte[text.Length] : new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (letter == '%' && i + 2 < text.Length && char.IsAsciiHexDigit((char)text[i + 1]) && char.IsAsciiHexDigit((char)text[i + 2]))
            {
                letter = (byte)((Hex(text[i + 1]) << 4) | Hex(text[i + 2]));
                i += 2;
            }
            else if (letter == '+')
            {
                letter = (byte)' ';
            }

            buffer[length++] = letter;
        }

        return Encoding.UTF8.GetString(buffer[..length]);
    }

    private static int Hex(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
