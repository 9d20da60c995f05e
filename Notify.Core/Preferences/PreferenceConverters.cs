using System.Text.Json;
using System.Text.Json.Serialization;

namespace Notify.Core.Preferences;

/// <summary>Reads <c>false</c> as <c>{"enabled":false}</c>. Writes the object form always, so that a patch that adds a channel to a plain
/// no (RFC 7396) does not put the object in the no's place.</summary>
public sealed class CategoryPreferenceConverter : JsonConverter<CategoryPreference>
{
    public override CategoryPreference Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
            return new() { Enabled = reader.TokenType == JsonTokenType.True };
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("A category is true, false, or an object.");
        try
        {
            var fields = JsonSerializer.Deserialize(ref reader, PreferenceJson.TypeOf<CategoryPreferenceFields>(options))!;
            return new() { Enabled = fields.Enabled, Channels = fields.Channels };
        }
        catch (JsonException fault)
        {
            // Its path begins at this object; the serializer gives the new one the path down to here.
            throw new JsonException(fault.Message, fault);
        }
    }

    public override void Write(Utf8JsonWriter writer, CategoryPreference value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(
            writer,
            new CategoryPreferenceFields { Enabled = value.Enabled, Channels = value.Channels },
            PreferenceJson.TypeOf<CategoryPreferenceFields>(options)
        );
}

/// <summary>The object form of a <see cref="CategoryPreference"/>.</summary>
public sealed class CategoryPreferenceFields
{
    public bool? Enabled { get; init; }

    public IReadOnlyDictionary<string, bool>? Channels { get; init; }
}

/// <summary>Reads one window or an array of them; writes a single one without the array.</summary>
public sealed class WindowsConverter : JsonConverter<IReadOnlyList<WindowPreference?>>
{
    // Far above what is allowed, so that the rule can say how many there may be.
    private const int MaxRead = 1_000;

    public override IReadOnlyList<WindowPreference?> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            throw new JsonException("Windows are an object or an array of objects.");
        var type = PreferenceJson.TypeOf<WindowPreference>(options);
        try
        {
            if (reader.TokenType == JsonTokenType.StartObject)
                return [JsonSerializer.Deserialize(ref reader, type)];
            var windows = new List<WindowPreference?>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (windows.Count == MaxRead)
                    throw new JsonException("Too many windows.");
                windows.Add(JsonSerializer.Deserialize(ref reader, type));
            }
            return windows;
        }
        catch (JsonException fault)
        {
            throw new JsonException(fault.Message, fault);
        }
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<WindowPreference?> value, JsonSerializerOptions options)
    {
        var type = PreferenceJson.TypeOf<WindowPreference>(options);
        if (value is [{ } only])
        {
            JsonSerializer.Serialize(writer, only, type);
            return;
        }
        writer.WriteStartArray();
        foreach (var window in value)
            JsonSerializer.Serialize(writer, window!, type);
        writer.WriteEndArray();
    }
}
