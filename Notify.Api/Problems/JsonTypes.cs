using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Notify.Core.Notifications;

namespace Notify.Api.Problems;

/// <summary>Says in JSON's words which type a field has and which one came.</summary>
internal static class JsonTypes
{
    private const string WholeNumber = "a whole number";

    /// <summary><c>Expected a whole number, and this is a string</c>; null where the place cannot be told.</summary>
    /// <param name="json">Well-formed.</param>
    /// <param name="type">What was to be read.</param>
    /// <param name="field">Where it failed, such as <c>recipients[0].id</c>.</param>
    public static string? Mismatch(ReadOnlySpan<byte> json, JsonTypeInfo type, string field)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonRules.MaxDepth });
        using var document = JsonDocument.ParseValue(ref reader);
        var (value, expected) = (document.RootElement, type.Type);
        foreach (var step in field.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (TypeAt(expected, step, type.Options) is not { } inner || ValueAt(value, step) is not { } next)
                return null;
            (value, expected) = (next, inner);
        }
        var (wanted, found) = (NameOf(expected, type.Options), NameOf(value));
        if (wanted is null)
            return null;
        // A number with a fraction where a whole one is expected, or a string that holds no UUID.
        var isNone =
            wanted.StartsWith(found, StringComparison.Ordinal) || (wanted == WholeNumber && value.ValueKind == JsonValueKind.Number);
        return $"Expected {wanted}, and this is {found}{(isNone ? " that is none" : "")}";
    }

    private static Type? TypeAt(Type type, string step, JsonSerializerOptions options)
    {
        var info = options.GetTypeInfo(type == typeof(RecipientTarget) ? typeof(RecipientTargetFields) : type);
        return step[0] == '[' || info.Kind == JsonTypeInfoKind.Dictionary
            ? info.ElementType
            : info.Properties.FirstOrDefault(property => property.Name == step)?.PropertyType;
    }

    private static JsonElement? ValueAt(JsonElement value, string step)
    {
        if (step[0] != '[')
            return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(step, out var member) ? member : null;
        var isIndex = int.TryParse(step.AsSpan(1, step.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var index);
        return isIndex && value.ValueKind == JsonValueKind.Array && index < value.GetArrayLength() ? value[index] : null;
    }

    private static string? NameOf(Type type, JsonSerializerOptions options)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(string))
            return "a string";
        if (plain == typeof(bool))
            return "true or false";
        if (plain == typeof(long) || plain == typeof(int))
            return WholeNumber;
        if (plain == typeof(Guid))
            return "a string with a UUID";
        if (plain == typeof(DateTimeOffset))
            return "a string with a time such as 2026-11-30T12:00:00Z";
        if (plain == typeof(RecipientTarget))
            return "an id (a string) or an object with addresses";
        return options.GetTypeInfo(plain).Kind switch
        {
            JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "an object",
            JsonTypeInfoKind.Enumerable => "an array",
            _ => null,
        };
    }

    private static string NameOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => "null",
        };
}
