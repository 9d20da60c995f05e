using System.Text;
using System.Text.RegularExpressions;

namespace MimeKit;

/// <summary>RFC 2047 in UTF-8: no word longer than 75 characters, none that splits a character.</summary>
internal static partial class EncodedWords
{
    private const string Prefix = "=?utf-8?";

    /// <summary>What one word can hold besides its frame: 75 are allowed, 60 leave room for a field name before the first.</summary>
    private const int Room = 60 - 12;

    public static string Encode(string text)
    {
        var plain = text.Count(IsPlain);
        return plain * 2 > text.Length ? Words(text, 'q', Room, QLength, Q) : Words(text, 'b', Room / 4 * 3, Utf8Length, B);
    }

    public static string Decode(string text)
    {
        if (!text.Contains("=?", StringComparison.Ordinal))
            return text;
        var joined = BetweenWords().Replace(text, "$1");   // white space between two encoded words is no content
        return Adjacent().Replace(joined, words => DecodeRun(words.Value));
    }

    /// <summary>Neighbouring words of one charset are decoded as one, in case a sender split a character.</summary>
    private static string DecodeRun(string run)
    {
        var bytes = new MemoryStream();
        var charset = "utf-8";
        foreach (Match word in Word().Matches(run))
        {
            charset = word.Groups["charset"].Value;
            bytes.Write(word.Groups["encoding"].Value is "b" or "B" ? FromBase64(word.Groups["text"].Value) : FromQ(word.Groups["text"].Value));
        }

        return Charsets.Decode(charset, bytes.ToArray());
    }

    private static string Words(string text, char encoding, int room, Func<Rune, int> lengthOf, Action<StringBuilder, string> append)
    {
        var words = new StringBuilder();
        var chunk = new StringBuilder();
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (used + lengthOf(rune) > room)
                Close();
            chunk.Append(rune);
            used += lengthOf(rune);
        }

        Close();
        return words.ToString();

        void Close()
        {
            words.Append(words.Length > 0 ? " " : "").Append(Prefix).Append(encoding).Append('?');
            append(words, chunk.ToString());
            words.Append("?=");
            chunk.Clear();
            used = 0;
        }
    }

    private static void B(StringBuilder words, string chunk) => words.Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(chunk)));

    private static void Q(StringBuilder words, string chunk)
    {
        foreach (var octet in Encoding.UTF8.GetBytes(chunk))
            _ = octet == ' ' ? words.Append('_') : IsPlain((char)octet) ? words.Append((char)octet) : words.Append('=').Append(octet.ToString("X2", null));
    }

    private static int QLength(Rune rune) => rune.Value == ' ' || rune.IsAscii && IsPlain((char)rune.Value) ? 1 : rune.Utf8SequenceLength * 3;

    private static int Utf8Length(Rune rune) => rune.Utf8SequenceLength;

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '!' or '*' or '+' or '-' or '/';

    private static byte[] FromQ(string text) => QuotedPrintable.Decode(Encoding.ASCII.GetBytes(text.Replace('_', ' ')));

    private static byte[] FromBase64(string text)
    {
        var buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text, buffer, out var written) ? buffer[..written] : Encoding.ASCII.GetBytes(text);
    }

    [GeneratedRegex(@"=\?(?<charset>[^?\s*]+)(\*[^?\s]*)?\?(?<encoding>[bBqQ])\?(?<text>[^?\s]*)\?=")]
    private static partial Regex Word();

    [GeneratedRegex(@"(=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=)\s+(?==\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=)")]
    private static partial Regex BetweenWords();

    [GeneratedRegex(@"(=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=)+")]
    private static partial Regex Adjacent();
}
