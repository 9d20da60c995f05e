using System.Text;

namespace MimeKit;

/// <summary>Header text as ASCII lines: encoded words (RFC 2047) where needed, folded at spaces near 78 columns.</summary>
internal static class HeaderEncoding
{
    private const int Column = 78;

    /// <summary>A word longer than this could pass the 998 octets a line may have.</summary>
    private const int LongestWord = 900;

    /// <summary>Free text: from the first word that needs it to the last, as encoded words.</summary>
    public static string Unstructured(int column, string text)
    {
        var words = text.Split(' ');
        var first = Array.FindIndex(words, NeedsEncoding);
        if (first < 0)
            return Fold(column, text);
        var last = Array.FindLastIndex(words, NeedsEncoding);
        var encoded = EncodedWords.Encode(string.Join(' ', words[first..(last + 1)]));
        return Fold(column, string.Join(' ', [.. words[..first], encoded, .. words[(last + 1)..]]));
    }

    /// <summary>A display name: as it is, quoted, or encoded.</summary>
    public static string Phrase(string name)
    {
        if (name.Split(' ').Any(NeedsEncoding))
            return EncodedWords.Encode(name);
        return name.All(c => c == ' ' || AddressSyntax.IsAtomText(c) && c != '.') ? name : AddressSyntax.Quote(name);
    }

    /// <summary>Breaks lines before a space, so that unfolding gives the same text again.</summary>
    public static string Fold(int column, string text)
    {
        var folded = new StringBuilder(text.Length + 16);
        var words = text.Split(' ');
        for (var i = 0; i < words.Length; i++)
        {
            if (i > 0)
            {
                if (column + 1 + words[i].Length > Column && words[i].Length > 0)
                {
                    folded.Append("\r\n");
                    column = 0;
                }

                folded.Append(' ');
                column++;
            }

            folded.Append(words[i]);
            column += words[i].Length;
        }

        return folded.ToString();
    }

    private static bool NeedsEncoding(string word) =>
        word.Length > LongestWord || word.Contains("=?", StringComparison.Ordinal) || !word.All(c => c is > ' ' and < '\u007f');
}
