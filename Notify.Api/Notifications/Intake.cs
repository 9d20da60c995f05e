using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.Telemetry;

namespace Notify.Api.Notifications;

/// <summary>Puts accepted notifications on their lane: the value is the bytes that were received.</summary>
internal sealed partial class Intake(RecordProducer producer, IntakeMetrics metrics, ILogger<Intake> logger)
{
    public async Task<ProduceResult> AcceptAsync(AcceptedNotification notification) => (await AcceptAsync([notification]))[0];

    public async Task<ProduceResult[]> AcceptAsync(IReadOnlyList<AcceptedNotification> notifications)
    {
        var traceParent = Traces.Current;
        var results = await producer.TryProduceAllAsync([.. notifications.Select(notification => ToRecord(notification, traceParent))]);
        for (var i = 0; i < results.Length; i++)
        {
            switch (results[i])
            {
                case ProduceResult.Persisted:
                    metrics.Accepted(notifications[i].Lane);
                    break;
                // A client's fault, and a setting to look at: this API takes more.
                case ProduceResult.TooLarge:
                    Log.TooLarge(logger, notifications[i].Body.Length);
                    break;
                default:
                    metrics.Unconfirmed(notifications[i].Lane);
                    break;
            }
        }
        return results;
    }

    /// <summary>So many notifications were sent away by the accept limit.</summary>
    public void Refused(Lane lane, int count) => metrics.Refused(lane, count);

    private static OutgoingRecord ToRecord(AcceptedNotification notification, string? traceParent) =>
        new(
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
                .With(RecordHeaders.TraceParent, traceParent)
        );

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Kafka does not take a notification of {Bytes} bytes; it was refused as too large. Raise message.max.bytes of the broker "
                + "or the topic."
        )]
        public static partial void TooLarge(ILogger logger, int bytes);
    }
}

/// <summary>A request that passed the door; <see cref="BatchItem"/> is its place in a batch, null where it came alone.</summary>
internal sealed record AcceptedNotification(
    string Tenant,
    Guid Id,
    Lane Lane,
    int Recipients,
    string OrderingKey,
    byte[] Body,
    string? IdempotencyKey,
    int? BatchItem = null
);
