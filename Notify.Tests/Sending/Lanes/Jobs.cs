using Confluent.Kafka;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Sending;
using Notify.Sending.Adapters;
using Notify.Sending.Lanes;
using Notify.Sending.Providers;
using Notify.Workers.Router;
using Notify.Workers.Sms;

namespace Notify.Tests.Sending.Lanes;

/// <summary>Records of <c>deliveries.sms.standard</c> as the Router makes them, and jobs made of them.</summary>
internal static class Jobs
{
    private static readonly DeliveryReader Reader = new(Channel.Sms);

    /// <summary>A message of some job.</summary>
    public static SmsMessage Message => SmsMessage.Of(Job().Delivery);

    public static DeliveryJob Job(
        string tenant = "acme",
        string address = "+15005550001",
        DateTimeOffset? expiresAt = null,
        int attempt = 0,
        int weight = 1
    )
    {
        Assert.True(
            Reader.TryRead(
                Record(new(tenant, UuidV7.New(TimeProvider.System.GetUtcNow())), address, expiresAt, attempt, weight: weight),
                out var job,
                out _
            )
        );
        return job;
    }

    public static ConsumedRecord Record(
        DeliveryKey key,
        string address,
        DateTimeOffset? expiresAt = null,
        int attempt = 0,
        long offset = 7,
        Action? ended = null,
        int weight = 1
    )
    {
        var sent = new Sendable(
            key.Tenant,
            Channel.Sms,
            Lane.Standard,
            new DeliveryRecord
            {
                Id = key.Id,
                NotificationId = key.Id,
                Address = address,
                RecipientId = "u1",
                Attempt = attempt,
                Priority = Priorities.Normal,
                ExpiresAt = expiresAt ?? DateTimeOffset.MaxValue,
                Content = new() { Body = "B" },
            },
            TraceParent: null
        ).ToRecord(weight);
        return new(Consumed(sent.Value, sent.Headers, offset), _ => ended?.Invoke());
    }

    public static ConsumedRecord Unreadable(long offset, Action? ended = null) =>
        new(Consumed("{"u8.ToArray(), new Headers().With(RecordHeaders.Tenant, "acme"), offset), _ => ended?.Invoke());

    public static ConsumedRecord Strange(string value, string version, long offset) =>
        new(
            Consumed(
                System.Text.Encoding.UTF8.GetBytes(value),
                new Headers().With(RecordHeaders.Tenant, "acme").With(RecordHeaders.SchemaVersion, version),
                offset
            )
        );

    private static ConsumeResult<byte[], byte[]> Consumed(byte[] value, Headers headers, long offset) =>
        new()
        {
            TopicPartitionOffset = new(Topics.Deliveries(Channel.Sms, Lane.Standard), 0, offset),
            Message = new()
            {
                Key = [1],
                Value = value,
                Headers = headers,
                Timestamp = new(TimeProvider.System.GetUtcNow()),
            },
        };
}
