using System.Buffers;
using System.Text.Json;

namespace Notify.Core.Preferences;

/// <summary>JSON merge patch: RFC 7396.</summary>
public static class JsonMergePatch
{
    /// <summary>
    /// The target as the patch changes it, as UTF-8 JSON. Members keep their places, new ones come last. Both must be JSON in which
    /// no object has a member twice.
    /// </summary>
    /// <exception cref="JsonException">One of them is no JSON, or deeper than 64 levels.</exception>
    public static byte[] Apply(ReadOnlyMemory<byte> target, ReadOnlyMemory<byte> patch)
    {
        using var before = JsonDocument.Parse(target);
        using var change = JsonDocument.Parse(patch);
        return Apply(before.RootElement, change.RootElement);
    }

    /// <summary>The same of values that have been read.</summary>
    public static byte[] Apply(JsonElement target, JsonElement patch)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
            Write(writer, target, patch);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The function MergePatch of RFC 7396 §2.</summary>
    private static void Write(Utf8JsonWriter writer, JsonElement? target, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object)
        {
            patch.WriteTo(writer);
            return;
        }
        var changes = patch.EnumerateObject().ToDictionary(change => change.Name, change => change.Value);
        writer.WriteStartObject();
        if (target is { ValueKind: JsonValueKind.Object } before)
        {
            foreach (var member in before.EnumerateObject())
            {
                if (changes.Remove(member.Name, out var change))
                    WriteMember(writer, member.Name, member.Value, change);
                else
                    member.WriteTo(writer);
            }
        }
        foreach (var added in patch.EnumerateObject())
        {
            if (changes.ContainsKey(added.Name))
                WriteMember(writer, added.Name, null, added.Value);
        }
        writer.WriteEndObject();
    }

    /// <summary>null removes.</summary>
    private static void WriteMember(Utf8JsonWriter writer, string name, JsonElement? target, JsonElement change)
    {
        if (change.ValueKind == JsonValueKind.Null)
            return;
        writer.WritePropertyName(name);
        Write(writer, target, change);
    }
}
