using System.Text.Json;
using Notify.Core.Notifications;

namespace Notify.Api.Problems;

/// <summary>
/// What JSON may hold and a request may not: a member that comes twice (readers differ in which of the two they take: RFC 8259 §4),
/// nesting without end, and text that is none or cannot be stored. The serializer looks at none of these, or has no words for it.
/// </summary>
internal static class JsonRules
{
    /// <summary>Levels of objects and arrays within each other.</summary>
    public const int MaxDepth = 32;

    private const int FewNames = 16;
    private const int EscapeDigits = 4;

    /// <summary>The first thing that is wrong, with its place; null where nothing is.</summary>
    /// <exception cref="JsonException">This is not JSON.</exception>
    public static FieldError? Check(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth + 1 });
        reader.Read();
        if (CheckValue(ref reader) is { } error)
            return error with { Field = error.Field.TrimStart('.'), Message = error.Message + PlaceOf(json, reader.TokenStartIndex) };
        reader.Read(); // throws on anything after the end
        return null;
    }

    /// <summary><c> (line 2, byte 7)</c>, both from one.</summary>
    public static string PlaceOf(ReadOnlySpan<byte> json, long at)
    {
        var before = json[..(int)at];
        return $" (line {before.Count((byte)'\n') + 1}, byte {before.Length - (before.LastIndexOf((byte)'\n') + 1) + 1})";
    }

    private static FieldError? CheckValue(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= MaxDepth)
            return new("", "too_deep", $"Objects and arrays stand in each other at most {MaxDepth} levels deep, and this is deeper.");
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => CheckObject(ref reader),
            JsonTokenType.StartArray => CheckArray(ref reader),
            JsonTokenType.String => CheckText(ref reader),
            _ => null,
        };
    }

    private static FieldError? CheckArray(ref Utf8JsonReader reader)
    {
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (CheckValue(ref reader) is { } error)
                return error with { Field = $"[{i}]{error.Field}" };
        }
        return null;
    }

    private static FieldError? CheckObject(ref Utf8JsonReader reader)
    {
        var names = new Names();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (CheckText(ref reader) is { } bad)
                return bad;
            var name = reader; // a copy, to name the member where its value is at fault
            if (!names.TryAdd(ref reader))
                return new("." + name.GetString(), "duplicate_field", "This field comes twice in its object; send it once.");
            reader.Read();
            if (CheckValue(ref reader) is { } error)
                return error with { Field = $".{name.GetString()}{error.Field}" };
        }
        return null;
    }

    /// <summary>
    /// Only an escape can bring what is asked for here: the bytes are known to be UTF-8, and a control character stands in no JSON string.
    /// </summary>
    private static FieldError? CheckText(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return null;
        var text = reader.ValueSpan;
        for (var at = text.IndexOf((byte)'\\'); at >= 0 && at < text.Length; at++)
        {
            if (text[at] != '\\')
                continue;
            if (text[++at] != 'u')
                continue; // so \\u0000 is a backslash and five letters
            var unit = UnitAt(text, at + 1);
            at += EscapeDigits;
            if (unit == '\0')
                return new("", "invalid", "The character U+0000 can be neither stored nor shown.");
            if (!char.IsSurrogate(unit))
                continue;
            var next = at + 1;
            var isPair = char.IsHighSurrogate(unit) && text[next..].StartsWith("\\u"u8) && char.IsLowSurrogate(UnitAt(text, next + 2));
            if (!isPair)
                return new("", "invalid", "The text has half of a surrogate pair (\\uD800 to \\uDFFF), which is no character.");
            at += EscapeDigits + 2;
        }
        return null;
    }

    private static char UnitAt(ReadOnlySpan<byte> text, int at)
    {
        var unit = 0;
        foreach (var digit in text.Slice(at, EscapeDigits))
            unit = unit << 4 | (digit & 0xF) + (digit > '9' ? 9 : 0);
        return (char)unit;
    }

    /// <summary>The names of one object: compared one by one while they are few, as nearly always.</summary>
    private ref struct Names
    {
        private HashSet<string>? _many;
        private List<string>? _few;

        public bool TryAdd(ref Utf8JsonReader reader)
        {
            if (_many is not null)
                return _many.Add(reader.GetString()!);
            _few ??= new(4);
            foreach (var known in _few)
            {
                if (reader.ValueTextEquals(known))
                    return false;
            }
            _few.Add(reader.GetString()!);
            if (_few.Count == FewNames)
                _many = [.. _few];
            return true;
        }
    }
}
