using System.Text;

namespace MimeKit;

/// <summary>The syntax of RFC 5322 addresses: as much of it as is in use, and no control characters anywhere.</summary>
internal static class AddressSyntax
{
    private const string Specials = "()<>[]:;@\\,\"";

    /// <summary>Checks an addr-spec; returns the index of its at sign, -1 for a local name alone.</summary>
    public static int CheckAddrSpec(string address)
    {
        if (address.Length == 0)
            return -1;
        var end = address[0] == '"' ? EndOfQuoted(address) : EndOfDotAtom(address, 0);
        if (end == address.Length)
            return -1;
        if (address[end] != '@')
            throw Unexpected(address, end);
        var domain = end + 1;
        var stop = domain < address.Length && address[domain] == '[' ? EndOfLiteral(address, domain) : EndOfDotAtom(address, domain);
        return stop == address.Length ? end : throw Unexpected(address, stop);
    }

    /// <summary>Splits <c>Name &lt;address&gt;</c> or a bare address.</summary>
    public static (string? Name, string Address) SplitMailbox(string text)
    {
        var trimmed = text.Trim(' ', '\t');
        var open = OpeningBracket(trimmed);
        if (open < 0)
            return (null, trimmed);
        if (!trimmed.EndsWith('>'))
            throw new ParseException("The address is not closed by '>'.", open, trimmed.Length);
        var phrase = trimmed[..open].Trim(' ', '\t');
        var control = phrase.AsSpan().IndexOfAnyInRange('\0', '\u001f');
        if (control >= 0)
            throw Unexpected(phrase, control);
        return (phrase.StartsWith('"') ? Unquote(phrase) : EncodedWords.Decode(phrase), trimmed[(open + 1)..^1]);
    }

    /// <summary>A quoted-string of <paramref name="text"/>.</summary>
    public static string Quote(string text) => '"' + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"';

    public static bool IsAtomText(char c) => c > ' ' && c != '\u007f' && !Specials.Contains(c, StringComparison.Ordinal) && !char.IsControl(c) && !char.IsWhiteSpace(c);

    private static int OpeningBracket(string text)
    {
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && quoted)
                i++;
            else if (text[i] == '"')
                quoted = !quoted;
            else if (text[i] == '<' && !quoted)
                return i;
        }

        return -1;
    }

    private static string Unquote(string phrase)
    {
        if (EndOfQuoted(phrase) != phrase.Length)
            throw Unexpected(phrase, EndOfQuoted(phrase));
        var name = new StringBuilder(phrase.Length);
        for (var i = 1; i < phrase.Length - 1; i++)
            name.Append(phrase[i] == '\\' ? phrase[++i] : phrase[i]);
        return name.ToString();
    }

    private static int EndOfDotAtom(string text, int start)
    {
        var i = start;
        for (var atom = start; ; atom = ++i)
        {
            while (i < text.Length && text[i] != '.' && IsAtomText(text[i]))
                i++;
            if (i == atom)
                throw Unexpected(text, i);
            if (i == text.Length || text[i] != '.')
                return i;
        }
    }

    private static int EndOfQuoted(string text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
                throw Unexpected(text, i);
            if (text[i] == '"')
                return i + 1;
            if (text[i] == '\\' && (++i == text.Length || char.IsControl(text[i])))
                throw Unexpected(text, i);
        }

        throw Unexpected(text, text.Length);
    }

    private static int EndOfLiteral(string text, int start)
    {
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] == ']')
                return i + 1;
            if (char.IsControl(text[i]) || text[i] is '[' or '\\' or ' ')
                throw Unexpected(text, i);
        }

        throw Unexpected(text, text.Length);
    }

    /// <summary>Tells where, never what: the text is somebody's address.</summary>
    private static ParseException Unexpected(string text, int index) =>
        new(index >= text.Length ? $"Incomplete address at offset {index}" : $"Unexpected token at offset {index}", index, index);
}
