using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Confluent.Kafka;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Notifications;

namespace Notify.Workers.Router;

/// <summary>A delivery that is to be produced to its channel's lane, whether it is new, came due or is replayed.</summary>
internal sealed record Sendable(string Tenant, Channel Channel, Lane Lane, DeliveryRecord Record, string? TraceParent)
{
    // Nothing of it stands in a page: what is escaped for HTML by default would make six bytes of each < and of each letter beyond ASCII,
    // and a long mail larger than Kafka takes.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Sendable(OpenDelivery row, NotificationRequest request, string? traceParent, DeliveryContent? content = null)
        : this(row.Key.Tenant, row.Channel, row.Lane, DeliveryRecord.Of(row, request, content), traceParent) { }

    public DeliveryKey Key => new(Tenant, Record.Id);

    /// <summary>Keyed by recipient, so that a person's messages keep their order.</summary>
    /// <param name="weight">The tenant's.</param>
    public OutgoingRecord ToRecord(int weight) =>
        new(
            Topics.Deliveries(Channel, Lane),
            Encoding.UTF8.GetBytes($"{Tenant}/{Record.RecipientId ?? Record.Address}"),
            Serialize(),
            new Headers()
                .With(RecordHeaders.SchemaVersion, RecordHeaders.Version1)
                .With(RecordHeaders.Tenant, Tenant)
                .With(RecordHeaders.TenantWeight, weight == 1 ? null : weight.ToString(CultureInfo.InvariantCulture))
                .With(RecordHeaders.NotificationId, Record.NotificationId.ToString())
                .With(RecordHeaders.ContentType, RecordHeaders.Json)
                .With(RecordHeaders.TraceParent, TraceParent)
        );

    private byte[] Serialize()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Compact))
            JsonSerializer.Serialize(writer, Record, DeliveryJson.Default.DeliveryRecord);
        return buffer.WrittenSpan.ToArray();
    }
}
