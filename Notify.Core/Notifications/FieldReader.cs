using System.Text.Json;

namespace Notify.Core.Notifications;

/// <summary>What <see cref="NotificationReader"/> and its parts read alike. False is said of what the serializer is to read.</summary>
internal static class FieldReader
{
    /// <summary>The object has no further field.</summary>
    public const int End = -1;

    private const int Unusual = -2;

    /// <summary>The place of the next field's name among <paramref name="names"/>; the reader then stands at its value.</summary>
    public static int NextField(ref Utf8JsonReader reader, string[] names, ref uint seen)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.PropertyName)
            return End;
        for (var i = 0; i < names.Length; i++)
        {
            if (reader.ValueSpan.Length != names[i].Length || !reader.ValueTextEquals(names[i]))
                continue;
            var isRepeated = (seen & 1u << i) != 0;
            seen |= 1u << i;
            return !isRepeated && reader.Read() ? i : Unusual;
        }
        return Unusual;
    }

    /// <summary>A text or null. U+0000 comes as an escape only, and is refused elsewhere.</summary>
    public static bool TryReadText(ref Utf8JsonReader reader, out string? text)
    {
        text = null;
        if (reader.TokenType == JsonTokenType.Null)
            return true;
        if (reader.TokenType != JsonTokenType.String)
            return false;
        text = reader.GetString()!;
        return !reader.ValueIsEscaped || !text.Contains('\0', StringComparison.Ordinal);
    }

    /// <summary>A text that is nearly always one of a few, which then is not made anew.</summary>
    public static bool TryReadWord(ref Utf8JsonReader reader, IReadOnlyList<string> known, out string? word)
    {
        for (var i = 0; i < known.Count && reader.TokenType == JsonTokenType.String; i++)
        {
            if (reader.ValueTextEquals(word = known[i]))
                return true;
        }
        return TryReadText(ref reader, out word);
    }

    public static bool TryReadNumber(ref Utf8JsonReader reader, out long? number)
    {
        number = null;
        if (reader.TokenType == JsonTokenType.Null)
            return true;
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var value))
            return false;
        number = value;
        return true;
    }
}
