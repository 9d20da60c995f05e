using System.Text;
using System.Text.Json;
using Notify.Api.Problems;
using Notify.Core.Notifications;

namespace Notify.Api.Notifications;

/// <summary>Finds the items of a batch in its bytes, so that each can be handed on as it was received.</summary>
internal static class BatchReader
{
    /// <summary>The place of each item, or what is wrong with the whole.</summary>
    public static (List<Range>? Items, FieldError? Error) Read(ReadOnlySpan<byte> body)
    {
        // As deep as a body can be, so that an item that is too deep is refused by itself.
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = NotificationLimits.BatchBytes });
        try
        {
            List<Range>? items = null;
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return (null, new("", "wrong_type", "Expected an object: {\"notifications\": [ … ]}."));
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!reader.ValueTextEquals("notifications"u8))
                    return (null, new(Encoding.UTF8.GetString(reader.ValueSpan), "unknown_field", "A batch has one field: notifications."));
                if (items is not null)
                    return (null, new("notifications", "duplicate_field", "This field comes twice in its object; send it once."));
                reader.Read();
                if (reader.TokenType != JsonTokenType.StartArray)
                    return (null, new("notifications", "wrong_type", "Expected an array of notifications."));
                items = ReadItems(ref reader);
            }
            while (reader.Read()) { }
            return items is { Count: > 0 } ? (items, null) : (null, new("notifications", "required", "Send at least one notification."));
        }
        catch (JsonException fault)
        {
            return (null, RequestBody.ErrorOf(fault));
        }
        catch (InvalidOperationException) // a name that has half of a surrogate pair is compared with ours, and cannot be
        {
            return (null, new("", "unknown_field", "A batch has one field: notifications."));
        }
    }

    private static List<Range> ReadItems(ref Utf8JsonReader reader)
    {
        var items = new List<Range>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            items.Add(start..(int)reader.BytesConsumed);
        }
        return items;
    }
}
