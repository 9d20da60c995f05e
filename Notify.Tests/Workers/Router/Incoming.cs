using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Workers.Router.Intake;

namespace Notify.Tests.Workers.Router;

/// <summary>Records of <c>notifications.standard</c>.</summary>
internal static class Incoming
{
    public const string Body = """{"recipients":[{"phone":"+15005550006"}],"message":{"body":"B"}}""";

    public static ConsumedRecord Record(string? body = Body, Headers? headers = null, DateTimeOffset? time = null, long offset = 7) =>
        new(
            new()
            {
                TopicPartitionOffset = new(Topics.Notifications(Lane.Standard), 0, offset),
                Message = new()
                {
                    Value = body is null ? null! : Encoding.UTF8.GetBytes(body),
                    Headers = headers ?? new Headers().With(RecordHeaders.Tenant, "acme"),
                    Timestamp = time is { } at ? new Timestamp(at) : new Timestamp(long.MaxValue, TimestampType.CreateTime),
                },
            }
        );

    public static IncomingNotification Notification(
        DateTimeOffset at,
        string body = Body,
        string? idempotencyKey = null,
        string tenant = "acme"
    ) =>
        new(
            Record(body, new Headers().With(RecordHeaders.Tenant, tenant).With(RecordHeaders.IdempotencyKey, idempotencyKey)),
            tenant,
            UuidV7.New(at),
            Lane.Standard,
            JsonSerializer.Deserialize(body, NotificationJson.Strict.NotificationRequest)!
        );
}
