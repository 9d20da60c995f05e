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
    private static readonly byte[] s_version = Encoding.UTF8.GetBytes(RecordHeaders.Version1);
    private static readonly byte[] s_contentType = Encoding.UTF8.GetBytes(RecordHeaders.Json);

    /// <summary>One notification needs none of the books that are kept of several.</summary>
    public async Task<ProduceResult> AcceptAsync(AcceptedNotification notification)
    {
        var record = ToRecord(notification, TraceParent());
        var result = ProduceResult.Persisted;
        try
        {
            await producer.ProduceAsync(record.Topic, record.Key, record.Value, record.Headers);
        }
        catch (ProduceFailedException failed)
        {
            // What is refused as too large may only have travelled with a record that is.
            result =
                failed.Code == ErrorCode.MsgSizeTooLarge ? (await producer.TryProduceAllAsync([record]))[0] : ProduceResult.Unconfirmed;
        }
        Count(notification, result);
        return result;
    }

    public async Task<ProduceResult[]> AcceptAsync(IReadOnlyList<AcceptedNotification> notifications)
    {
        var traceParent = TraceParent();
        var results = await producer.TryProduceAllAsync([.. notifications.Select(notification => ToRecord(notification, traceParent))]);
        for (var i = 0; i < results.Length; i++)
            Count(notifications[i], results[i]);
        return results;
    }

    private void Count(AcceptedNotification notification, ProduceResult result)
    {
        switch (result)
        {
            case ProduceResult.Persisted:
                metrics.Accepted(notification.Lane);
                break;
            // A client's fault, and a setting to look at: this API takes more.
            case ProduceResult.TooLarge:
                Log.TooLarge(logger, notification.Body.Length);
                break;
            default:
                metrics.Unconfirmed(notification.Lane);
                break;
        }
    }

    /// <summary>So many notifications were sent away by the accept limit.</summary>
    public void Refused(Lane lane, int count) => metrics.Refused(lane, count);

    private static OutgoingRecord ToRecord(AcceptedNotification notification, byte[]? traceParent)
    {
        var headers = new Headers { { RecordHeaders.SchemaVersion, s_version } }
            .With(RecordHeaders.Tenant, notification.Tenant)
            .With(RecordHeaders.IdempotencyKey, notification.IdempotencyKey)
            .With(RecordHeaders.BatchItem, notification.BatchItem?.ToString(CultureInfo.InvariantCulture));
        headers.Add(RecordHeaders.NotificationId, RecordBytes.Id(notification.Id));
        headers.Add(RecordHeaders.ContentType, s_contentType);
        if (traceParent is not null)
            headers.Add(RecordHeaders.TraceParent, traceParent);
        return new(
            Topics.Notifications(notification.Lane),
            RecordBytes.Key(notification.Tenant, notification.OrderingKey),
            notification.Body,
            headers
        );
    }

    private static byte[]? TraceParent() => Traces.Current is { } current ? Encoding.UTF8.GetBytes(current) : null;

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
