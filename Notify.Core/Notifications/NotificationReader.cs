using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Notify.Core.Notifications;

/// <summary>
/// Reads a request in one pass over its bytes, as long as nothing about it is out of the ordinary. All else is left to the serializer, which
/// has the words for what is wrong: an unknown or repeated field, an escape in a name, a null in a list, a value of another type, what is no
/// JSON, and a payload with objects or arrays. What is read here the serializer would read the same, strict or lenient.
/// </summary>
public static class NotificationReader
{
    private static readonly string[] s_fields =
    [
        "recipients",
        "channels",
        "type",
        "category",
        "priority",
        "message",
        "payload",
        "ttl",
        "deduplicationKey",
    ];

    private static readonly string[] s_channels = ["email", "push", "sms"];

    /// <summary>The value of a record, read as leniently as those are.</summary>
    /// <exception cref="JsonException">This is no notification.</exception>
    public static NotificationRequest? ReadRecord(ReadOnlySpan<byte> json) =>
        TryRead(json, out var request) ? request : JsonSerializer.Deserialize(json, NotificationJson.Lenient.NotificationRequest);

    /// <summary>False where the serializer is to read it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out NotificationRequest? request)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            return TryReadRequest(ref reader, out request) && !reader.Read(); // throws on anything after the end
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException) // no JSON; half of a surrogate pair
        {
            request = null;
            return false;
        }
    }

    private static bool TryReadRequest(ref Utf8JsonReader reader, [NotNullWhen(true)] out NotificationRequest? request)
    {
        request = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return false;
        IReadOnlyList<RecipientTarget>? recipients = null;
        IReadOnlyList<string>? channels = null;
        string? type = null;
        string? category = null;
        string? priority = null;
        MessageContent? message = null;
        Dictionary<string, JsonElement>? payload = null;
        long? ttl = null;
        string? key = null;
        var seen = 0u;
        while (FieldReader.NextField(ref reader, s_fields, ref seen) is var field and not FieldReader.End)
        {
            var isUsual = field switch
            {
                0 => TryReadRecipients(ref reader, out recipients),
                1 => TryReadChannels(ref reader, out channels),
                2 => FieldReader.TryReadWord(ref reader, NotificationTypes.All, out type),
                3 => FieldReader.TryReadText(ref reader, out category),
                4 => FieldReader.TryReadWord(ref reader, Priorities.All, out priority),
                5 => MessageReader.TryRead(ref reader, out message),
                6 => TryReadPayload(ref reader, out payload),
                7 => FieldReader.TryReadNumber(ref reader, out ttl),
                8 => FieldReader.TryReadText(ref reader, out key),
                _ => false,
            };
            if (!isUsual)
                return false;
        }
        request = new()
        {
            Recipients = recipients,
            Channels = channels,
            Type = type,
            Category = category,
            Priority = priority,
            Message = message,
            Payload = payload,
            Ttl = ttl,
            DeduplicationKey = key,
        };
        return true;
    }

    private static bool TryReadRecipients(ref Utf8JsonReader reader, out IReadOnlyList<RecipientTarget>? recipients)
    {
        recipients = null;
        if (reader.TokenType == JsonTokenType.Null)
            return true;
        if (reader.TokenType != JsonTokenType.StartArray)
            return false;
        var read = new List<RecipientTarget>(1);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!RecipientReader.TryRead(ref reader, out var recipient))
                return false;
            read.Add(recipient);
        }
        recipients = read;
        return true;
    }

    private static bool TryReadChannels(ref Utf8JsonReader reader, out IReadOnlyList<string>? channels)
    {
        channels = null;
        if (reader.TokenType == JsonTokenType.Null)
            return true;
        if (reader.TokenType != JsonTokenType.StartArray)
            return false;
        var read = new List<string>(1);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!FieldReader.TryReadWord(ref reader, s_channels, out var channel) || channel is null)
                return false;
            read.Add(channel);
        }
        channels = read;
        return true;
    }

    private static bool TryReadPayload(ref Utf8JsonReader reader, out Dictionary<string, JsonElement>? payload)
    {
        payload = null;
        if (reader.TokenType == JsonTokenType.Null)
            return true;
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        payload = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueIsEscaped)
                return false;
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                return false;
            if (reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped && !FieldReader.TryReadText(ref reader, out _))
                return false;
            if (!payload.TryAdd(name, JsonElement.ParseValue(ref reader)))
                return false;
        }
        return true;
    }
}
