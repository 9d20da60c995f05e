using System.Buffers;

namespace Notify.Core.Channels;

/// <summary>
/// How a text is cut into the parts that carriers bill. One part holds 160 septets or 70 UCS-2 units; of several, each holds
/// 153 or 67, because the header that joins them takes six bytes. A character that takes two is never split between parts.
/// </summary>
/// <param name="Encoding">What the characters of the text allow.</param>
/// <param name="Count">The number of parts; 0 for an empty text.</param>
public readonly record struct SmsSegments(SmsEncoding Encoding, int Count)
{
    private const string Extension = "\f^{}\\[~]|€";

    private const string Base =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private static readonly SearchValues<char> Gsm7 = SearchValues.Create(Base + Extension);
    private static readonly SearchValues<char> Gsm7Extension = SearchValues.Create(Extension);

    /// <summary>Counts the parts of <paramref name="text"/>.</summary>
    public static SmsSegments Of(ReadOnlySpan<char> text) =>
        text.ContainsAnyExcept(Gsm7) ? new(SmsEncoding.Ucs2, CountUcs2(text)) : new(SmsEncoding.Gsm7, CountGsm7(text));

    private static int CountGsm7(ReadOnlySpan<char> text)
    {
        var parts = new Parts(single: 160, joined: 153);
        foreach (var character in text)
            parts.Add(Gsm7Extension.Contains(character) ? 2 : 1);
        return parts.Count;
    }

    private static int CountUcs2(ReadOnlySpan<char> text)
    {
        var parts = new Parts(single: 70, joined: 67);
        for (var at = 0; at < text.Length; at++)
        {
            var isPair = at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]);
            parts.Add(isPair ? 2 : 1);
            at += isPair ? 1 : 0;
        }
        return parts.Count;
    }

    /// <summary>Fills parts with characters in order.</summary>
    private struct Parts(int single, int joined)
    {
        private int _total;
        private int _joinedParts;
        private int _room;

        public readonly int Count =>
            _total == 0 ? 0
            : _total <= single ? 1
            : _joinedParts;

        public void Add(int width)
        {
            _total += width;
            if (_room < width)
            {
                _joinedParts++;
                _room = joined;
            }
            _room -= width;
        }
    }
}

/// <summary>How a text message's characters travel.</summary>
public enum SmsEncoding
{
    /// <summary>The GSM 7-bit default alphabet and its extension table.</summary>
    Gsm7,

    /// <summary>16-bit units, as soon as one character is outside GSM-7.</summary>
    Ucs2,
}
