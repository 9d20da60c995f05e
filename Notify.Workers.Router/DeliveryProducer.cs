using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Workers.Router.Intake;

namespace Notify.Workers.Router;

/// <summary>Puts deliveries on their channel's lane, keyed by recipient.</summary>
internal sealed class DeliveryProducer(RecordProducer producer)
{
    public Task ProduceAsync(IReadOnlyCollection<SendableDelivery> deliveries, Func<IncomingNotification, string?> traceParent) =>
        producer.ProduceAllAsync([.. deliveries.Select(delivery => ToRecord(
            delivery.Notification.Tenant, delivery.Delivery.Channel, delivery.Notification.Lane, delivery.ToRecord(), traceParent(delivery.Notification)))]);

    public Task ProduceAsync(IReadOnlyCollection<OutgoingRecord> records) => producer.ProduceAllAsync(records);

    public static OutgoingRecord ToRecord(string tenant, Channel channel, Lane lane, DeliveryRecord delivery, string? traceParent) => new(
        Topics.Deliveries(channel, lane),
        Encoding.UTF8.GetBytes($"{tenant}/{delivery.RecipientId ?? delivery.Address}"),
        JsonSerializer.SerializeToUtf8Bytes(delivery, DeliveryJson.Default.DeliveryRecord),
        new Headers()
            .With(RecordHeaders.SchemaVersion, RecordHeaders.Version1)
            .With(RecordHeaders.Tenant, tenant)
            .With(RecordHeaders.NotificationId, delivery.NotificationId.ToString())
            .With(RecordHeaders.ContentType, RecordHeaders.Json)
            .With(RecordHeaders.TraceParent, traceParent));
}
