using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Notifications;

namespace Notify.Benchmarks.Seeding;

/// <summary>One delivery as the Router would have made it, with its notification.</summary>
internal sealed class SeededDelivery
{
    private static readonly DeviceInfo s_device = new() { Platform = "fcm", Environment = "production" };

    public SeededDelivery(SeedPlan plan, int number, DateTimeOffset now)
    {
        Person = plan.People > 0 ? SeedPlan.PersonOf(plan.Group, number % plan.People) : null;
        NotificationId = UuidV7.New(now);
        AcceptedAt = UuidV7.TimeOf(NotificationId);
        Address = NumberedAddress.Of(plan.Channel, number);
        Id = UuidV7.Derive(
            AcceptedAt,
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{NotificationId:N}/{Address}"))
        );
        Device = plan.Channel == Channel.Push ? s_device : null;
        ExpiresAt = AcceptedAt.AddDays(3);
        DueAt = plan.DueAt?.Invoke(number);
    }

    /// <summary>The registered recipient; null where the address comes with the request.</summary>
    public string? Person { get; }

    public Guid Id { get; }

    public Guid NotificationId { get; }

    public DateTimeOffset AcceptedAt { get; }

    public DateTimeOffset ExpiresAt { get; }

    public DateTimeOffset? DueAt { get; }

    public string Address { get; }

    public DeviceInfo? Device { get; }

    public DeliveryKey Key => new(SeedPlan.Tenant, Id);

    /// <summary>The request as a producer would have posted it: the pump makes a waiting delivery's content of it.</summary>
    public byte[] Request(Channel channel)
    {
        object target = channel switch
        {
            _ when Person is not null => Person,
            Channel.Email => new { email = Address },
            Channel.Sms => new { phone = Address },
            Channel.Push => new { push = new { token = Address, platform = s_device.Platform } },
            _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, null),
        };
        return JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                recipients = new[] { target },
                channels = new[] { channel.ToName() },
                priority = Priorities.Low,
                category = Person is null ? null : PeopleSeeder.Category,
                message = new { title = SeedPlan.Title, body = SeedPlan.Body },
            }
        );
    }

    public OutgoingRecord ToRecord(SeedPlan plan) =>
        new(
            Topics.Deliveries(plan.Channel, SeedPlan.Lane),
            Encoding.UTF8.GetBytes($"{SeedPlan.Tenant}/{Address}"),
            JsonSerializer.SerializeToUtf8Bytes(
                new DeliveryRecord
                {
                    Id = Id,
                    NotificationId = NotificationId,
                    Address = Address,
                    Device = Device,
                    Priority = Priorities.Low,
                    ExpiresAt = ExpiresAt,
                    Content = new() { Title = plan.Channel == Channel.Sms ? null : SeedPlan.Title, Body = SeedPlan.Body },
                },
                DeliveryJson.Default.DeliveryRecord
            ),
            RecordHead()
        );

    /// <summary>The record of the notification alone, as the Api produces it before anything is routed.</summary>
    public OutgoingRecord ToAccepted(SeedPlan plan) =>
        new(
            Topics.Notifications(SeedPlan.Lane),
            Encoding.UTF8.GetBytes($"{SeedPlan.Tenant}/{Person ?? Address}"),
            Request(plan.Channel),
            RecordHead()
        );

    private Headers RecordHead() =>
        new Headers()
            .With(RecordHeaders.SchemaVersion, RecordHeaders.Version1)
            .With(RecordHeaders.Tenant, SeedPlan.Tenant)
            .With(RecordHeaders.NotificationId, NotificationId.ToString())
            .With(RecordHeaders.ContentType, RecordHeaders.Json);
}
