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
using Notify.Workers.Router.Intake;
using Notify.Workers.Router.Pump;
using Notify.Workers.Router.Shares;

namespace Notify.Workers.Router;

/// <summary>Puts deliveries on their channel's lane, keyed by recipient.</summary>
internal sealed class DeliveryProducer(RecordProducer producer, TenantShares shares)
{
    // Nothing of it stands in a page: what is escaped for HTML by default would make six bytes of each < and of each letter beyond ASCII,
    // and a long mail larger than Kafka takes.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// What became of each, in their order. One notification may become hundreds of long records, so these are made and produced part by
    /// part; after a part that Kafka did not confirm nothing more is produced.
    /// </summary>
    public async Task<ProduceResult[]> ProduceAsync(
        IReadOnlyList<SendableDelivery> deliveries,
        Func<IncomingNotification, string?> traceParent
    )
    {
        var results = new List<ProduceResult>(deliveries.Count);
        var (part, bytes) = (new List<OutgoingRecord>(deliveries.Count), 0);
        for (var i = 0; i < deliveries.Count; i++)
        {
            var (notification, planned) = deliveries[i];
            var weight = shares.WeightOf(notification.Tenant);
            part.Add(
                ToRecord(
                    notification.Tenant,
                    planned.Channel,
                    notification.Lane,
                    deliveries[i].ToRecord(),
                    traceParent(notification),
                    weight
                )
            );
            bytes += part[^1].Value.Length;
            if (bytes < RoundLimits.Bytes && i < deliveries.Count - 1)
                continue;
            results.AddRange(await producer.TryProduceAllAsync(part));
            if (results.Contains(ProduceResult.Unconfirmed))
                break;
            part.Clear();
            bytes = 0;
        }
        results.AddRange(Enumerable.Repeat(ProduceResult.Unconfirmed, deliveries.Count - results.Count));
        return [.. results];
    }

    /// <summary>What became of each is noted in it.</summary>
    public async Task ProduceAsync(IReadOnlyCollection<DueDelivery> due)
    {
        var (rows, records) = (new List<DueDelivery>(due.Count), new List<OutgoingRecord>(due.Count));
        foreach (var row in due)
        {
            if (row.TryToRecord(shares.WeightOf(row.Tenant)) is not { } record)
                continue;
            rows.Add(row);
            records.Add(record);
        }
        var results = await producer.TryProduceAllAsync(records);
        for (var i = 0; i < results.Length; i++)
            rows[i].Produced = results[i];
    }

    public static OutgoingRecord ToRecord(
        string tenant,
        Channel channel,
        Lane lane,
        DeliveryRecord delivery,
        string? traceParent,
        int weight = 1
    ) =>
        new(
            Topics.Deliveries(channel, lane),
            Encoding.UTF8.GetBytes($"{tenant}/{delivery.RecipientId ?? delivery.Address}"),
            Serialize(delivery),
            new Headers()
                .With(RecordHeaders.SchemaVersion, RecordHeaders.Version1)
                .With(RecordHeaders.Tenant, tenant)
                .With(RecordHeaders.TenantWeight, weight == 1 ? null : weight.ToString(CultureInfo.InvariantCulture))
                .With(RecordHeaders.NotificationId, delivery.NotificationId.ToString())
                .With(RecordHeaders.ContentType, RecordHeaders.Json)
                .With(RecordHeaders.TraceParent, traceParent)
        );

    private static byte[] Serialize(DeliveryRecord delivery)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Compact))
            JsonSerializer.Serialize(writer, delivery, DeliveryJson.Default.DeliveryRecord);
        return buffer.WrittenSpan.ToArray();
    }
}
