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
    private const int UsualBytes = 1_024;
    private const int KeptBytes = 64 * 1024; // a buffer that grew beyond this for one long mail is not kept

    // Nothing of it stands in a page: what is escaped for HTML by default would make six bytes of each < and of each letter beyond ASCII,
    // and a long mail larger than Kafka takes.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly byte[] s_version = Encoding.UTF8.GetBytes(RecordHeaders.Version1);
    private static readonly byte[] s_contentType = Encoding.UTF8.GetBytes(RecordHeaders.Json);

    private static readonly string[][] s_topics =
    [
        .. ChannelNames.All.Order().Select(channel => LaneNames.All.Order().Select(lane => Topics.Deliveries(channel, lane)).ToArray()),
    ];

    // Records are made by the thousand, one after the other: a thread writes all of its own into one buffer.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? t_writer;

    public Sendable(OpenDelivery row, NotificationRequest request, string? traceParent, DeliveryContent? content = null)
        : this(row.Key.Tenant, row.Channel, row.Lane, DeliveryRecord.Of(row, request, content), traceParent) { }

    public DeliveryKey Key => new(Tenant, Record.Id);

    /// <summary>Keyed by recipient, so that a person's messages keep their order.</summary>
    /// <param name="weight">The tenant's.</param>
    public OutgoingRecord ToRecord(int weight)
    {
        var headers = new Headers { { RecordHeaders.SchemaVersion, s_version } }
            .With(RecordHeaders.Tenant, Tenant)
            .With(RecordHeaders.TenantWeight, weight == 1 ? null : weight.ToString(CultureInfo.InvariantCulture));
        headers.Add(RecordHeaders.NotificationId, RecordBytes.Id(Record.NotificationId));
        headers.Add(RecordHeaders.ContentType, s_contentType);
        headers.With(RecordHeaders.TraceParent, TraceParent);
        return new(
            s_topics[(int)Channel][(int)Lane],
            RecordBytes.Key(Tenant, Record.RecipientId ?? Record.Address),
            Serialize(Record),
            headers
        );
    }

    private static byte[] Serialize(DeliveryRecord record)
    {
        var buffer = t_buffer ??= new(UsualBytes);
        var writer = t_writer ??= new(buffer, Compact);
        buffer.ResetWrittenCount();
        writer.Reset(buffer); // forgets what an earlier record left that could not be written to its end
        JsonSerializer.Serialize(writer, record, DeliveryJson.Default.DeliveryRecord);
        writer.Flush();
        var bytes = buffer.WrittenSpan.ToArray();
        if (buffer.Capacity > KeptBytes)
            (t_buffer, t_writer) = (null, null);
        return bytes;
    }
}
