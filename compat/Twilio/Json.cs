using System.Globalization;
using System.Text.Json;

namespace Twilio;

/// <summary>Reads members as leniently as the real package does: numbers and texts stand for each other, null and absent are the same.</summary>
internal static class Json
{
    public static string Text(JsonElement parent, string name) =>
        !parent.TryGetProperty(name, out var value) ? null : value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            JsonValueKind.Null => null,
            _ => throw new JsonException($"'{name}' is not a text"),
        };

    /// <summary>False when the member is there and no whole number; an absent one is 0.</summary>
    public static bool TryInt(JsonElement parent, string name, out int number)
    {
        number = 0;
        if (!parent.TryGetProperty(name, out var value))
            return true;
        return value.ValueKind is JsonValueKind.Number or JsonValueKind.String
            && int.TryParse(value.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    public static int? OptionalInt(JsonElement parent, string name) =>
        Text(parent, name) switch
        {
            null or "" => null,
            var text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
            _ => throw new JsonException($"'{name}' is not a whole number"),
        };

    /// <summary>RFC 2822, as the API writes it.</summary>
    public static DateTime? OptionalDate(JsonElement parent, string name) =>
        Text(parent, name) switch
        {
            null or "" => null,
            var text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) => date.UtcDateTime,
            _ => throw new JsonException($"'{name}' is not a date"),
        };

    /// <summary>False when the member is there and no object.</summary>
    public static bool TryDetails(JsonElement parent, out Dictionary<string, object> details)
    {
        details = null;
        if (!parent.TryGetProperty("details", out var value) || value.ValueKind == JsonValueKind.Null)
            return true;
        if (value.ValueKind != JsonValueKind.Object)
            return false;
        details = value.EnumerateObject().ToDictionary(member => member.Name, member => ToObject(member.Value));
        return true;
    }

    private static object ToObject(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null => null,
        JsonValueKind.Number when value.TryGetInt64(out var whole) => whole,
        JsonValueKind.Number => value.GetDouble(),
        _ => value.Clone(),
    };
}
