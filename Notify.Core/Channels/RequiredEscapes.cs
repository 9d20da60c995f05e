using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Notify.Core.Channels;

/// <summary>
/// Escapes in JSON what RFC 8259 §7 requires, and nothing else: quotation mark, backslash and U+0000 to U+001F. The encoders of the
/// framework write an emoji as twelve bytes (<c>\uD83D\uDE00</c>) in the place of four; where a provider counts bytes, that is less to say.
/// </summary>
public sealed class RequiredEscapes : JavaScriptEncoder
{
    private const string ShortForms = "btnvfr"; // U+0008 to U+000D; U+000B has none
    private const char LastControl = '\x1F';

    private RequiredEscapes() { }

    public static RequiredEscapes Encoder { get; } = new();

    public override int MaxOutputCharactersPerInputCharacter => 6;

    /// <summary>The bytes that a text takes in a JSON string, without the quotation marks around it; 0 for null.</summary>
    public static int LengthOf(string? text) => text is null ? 0 : JsonEncodedText.Encode(text, Encoder).EncodedUtf8Bytes.Length;

    public override bool WillEncode(int unicodeScalar) => unicodeScalar is <= LastControl or '"' or '\\';

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var characters = new ReadOnlySpan<char>(text, textLength);
        for (var at = 0; at < characters.Length; at++)
        {
            if (WillEncode(characters[at]))
                return at;
            if (!char.IsSurrogate(characters[at]))
                continue;
            if (at + 1 == characters.Length || !char.IsSurrogatePair(characters[at], characters[at + 1]))
                return at; // half of a surrogate pair is no character; the caller puts U+FFFD in its place
            at++;
        }
        return -1;
    }

    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var room = new Span<char>(buffer, bufferLength);
        return unicodeScalar switch
        {
            '"' or '\\' => room.TryWrite($"\\{(char)unicodeScalar}", out numberOfCharactersWritten),
            >= '\b' and <= '\r' and not '\v' => room.TryWrite($"\\{ShortForms[unicodeScalar - '\b']}", out numberOfCharactersWritten),
            <= LastControl => room.TryWrite(CultureInfo.InvariantCulture, $"\\u{unicodeScalar:x4}", out numberOfCharactersWritten),
            _ => new Rune(unicodeScalar).TryEncodeToUtf16(room, out numberOfCharactersWritten),
        };
    }
}
