using System.Globalization;
using System.Text;
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
    public Task ProduceAsync(IReadOnlyCollection<SendableDelivery> deliveries, Func<IncomingNotification, string?> traceParent) =>
        producer.ProduceAllAsync([.. deliveries.Select(delivery => ToRecord(
            delivery.Notification.Tenant, delivery.Delivery.Channel, delivery.Notification.Lane, delivery.ToRecord(), traceParent(delivery.Notification), shares.WeightOf(delivery.Notification.Tenant)))]);

    public Task ProduceAsync(IEnumerable<DueDelivery> due) => producer.ProduceAllAsync([.. due.Select(row => row.ToRecord(shares.WeightOf(row.Tenant)))]);

    public static OutgoingRecord ToRecord(string tenant, Channel channel, Lane lane, DeliveryRecord delivery, string? traceParent, int weight = 1) => new(
        Topics.Deliveries(channel, lane),
        Encoding.UTF8.GetBytes($"{tenant}/{delivery.RecipientId ?? delivery.Address}"),
        JsonSerializer.SerializeToUtf8Bytes(delivery, DeliveryJson.Default.DeliveryRecord),
        new Headers()
            .With(RecordHeaders.SchemaVersion, RecordHeaders.Version1)
            .With(RecordHeaders.Tenant, tenant)
            .With(RecordHeaders.TenantWeight, weight == 1 ? null : weight.ToString(CultureInfo.InvariantCulture))
            .With(RecordHeaders.NotificationId, delivery.NotificationId.ToString())
            .With(RecordHeaders.ContentType, RecordHeaders.Json)
            .With(RecordHeaders.TraceParent, traceParent));
}
