using System.Buffers;

namespace Notify.Sandbox.Twilio;

/// <summary>How many parts a text is sent in, and in which encoding.</summary>
internal static class Segments
{
    private const string Gsm7 =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    private const string Gsm7Extension = "\f^{}\\[~]|€";
    private static readonly SearchValues<char> Base = SearchValues.Create(Gsm7);
    private static readonly SearchValues<char> Extension = SearchValues.Create(Gsm7Extension);
    private static readonly SearchValues<char> Both = SearchValues.Create(Gsm7 + Gsm7Extension);

    public static bool IsGsm7(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(Both) < 0;

    public static int Count(ReadOnlySpan<char> text)
    {
        if (!IsGsm7(text))
            return text.Length <= 70
                ? 1
                : Parts(text, 67, static (rest, i) => char.IsHighSurrogate(rest[i]) && i + 1 < rest.Length ? (2, 2) : (1, 1));
        var septets = text.Length;
        for (var rest = text; rest.IndexOfAny(Extension) is var at and >= 0; rest = rest[(at + 1)..])
            septets++;
        return septets <= 160 ? 1 : Parts(text, 153, static (rest, i) => (1, Base.Contains(rest[i]) ? 1 : 2));
    }

    /// <summary>A character of two units is never split across parts.</summary>
    private static int Parts(ReadOnlySpan<char> text, int room, Func<ReadOnlySpan<char>, int, (int Chars, int Units)> next)
    {
        var parts = 1;
        var used = 0;
        for (var i = 0; i < text.Length; )
        {
            var (chars, units) = next(text, i);
            if (used + units > room)
            {
                parts++;
                used = 0;
            }

            used += units;
            i += chars;
        }

        return parts;
    }
}
