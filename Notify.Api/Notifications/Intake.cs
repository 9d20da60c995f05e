using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.Telemetry;

namespace Notify.Api.Notifications;

/// <summary>Puts accepted notifications on their lane: the value is the bytes that were received.</summary>
internal sealed class Intake(RecordProducer producer, IntakeMetrics metrics)
{
    public async Task<bool> AcceptAsync(AcceptedNotification notification) =>
        (await AcceptAsync([notification]))[0] == ProduceResult.Persisted;

    public async Task<ProduceResult[]> AcceptAsync(IReadOnlyList<AcceptedNotification> notifications)
    {
        var traceParent = Traces.Current;
        var results = await producer.TryProduceAllAsync([.. notifications.Select(notification => ToRecord(notification, traceParent))]);
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i] == ProduceResult.Persisted)
                metrics.Accepted(notifications[i].Lane);
            else
                metrics.Unconfirmed(notifications[i].Lane);
        }
        return results;
    }

    /// <summary>So many notifications were sent away by the accept limit.</summary>
    public void Refused(Lane lane, int count) => metrics.Refused(lane, count);

    private static OutgoingRecord ToRecord(AcceptedNotification notification, string? traceParent) => new(
        Topics.Notifications(notification.Lane),
        Encoding.UTF8.GetBytes($"{notification.Tenant}/{notification.OrderingKey}"),
        notification.Body,
        new Headers()
            .With(RecordHeaders.SchemaVersion, RecordHeaders.Version1)
            .With(RecordHeaders.Tenant, notification.Tenant)
            .With(RecordHeaders.NotificationId, notification.Id.ToString())
            .With(RecordHeaders.ContentType, RecordHeaders.Json)
            .With(RecordHeaders.IdempotencyKey, notification.IdempotencyKey)
            .With(RecordHeaders.BatchItem, notification.BatchItem?.ToString(CultureInfo.InvariantCulture))
            .With(RecordHeaders.TraceParent, traceParent));
}

/// <summary>A request that passed the door; <see cref="BatchItem"/> is its place in a batch, null where it came alone.</summary>
internal sealed record AcceptedNotification(string Tenant, Guid Id, Lane Lane, int Recipients, string OrderingKey, byte[] Body, string? IdempotencyKey, int? BatchItem = null);
