using System.Buffers;
using System.Text.Json;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Workers.Push.Apns;

/// <summary>Writes a push notification as APNs' JSON.</summary>
internal static class ApnsPayload
{
    /// <summary>Apple's limit for everything but VoIP.</summary>
    public const int MaxBytes = 4096;

    /// <summary>Apple's own part; no key of ours may take its name.</summary>
    public const string ReservedKey = "aps";

    /// <summary>Lets the app tell us what arrived, and fold a repeat.</summary>
    public const string DeliveryIdKey = "notify-delivery-id";

    // Every byte counts against the limit, and the door counted with this encoder (PushSize).
    private static readonly JsonWriterOptions Compact = new() { Encoder = RequiredEscapes.Encoder };

    public static ReadOnlyMemory<byte> Write(PushMessage push)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteStartObject(ReservedKey);
            json.WriteStartObject("alert");
            if (!string.IsNullOrEmpty(push.Title))
                json.WriteString("title", push.Title);
            json.WriteString("body", push.Body);
            json.WriteEndObject();
            json.WriteString("sound", "default");
            json.WriteEndObject();
            foreach (var (key, value) in push.Data)
            {
                if (key != DeliveryIdKey)
                    json.WriteString(key, value);
            }

            json.WriteString(DeliveryIdKey, push.DeliveryId);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
