using System.Text.Json;
using System.Text.Json.Serialization;
using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Core.Deliveries;

/// <summary>
/// The value of a record on <c>deliveries.{channel}.{lane}</c>: all that a worker needs to render and send, so that it reads nothing but
/// its claim. Its words are those of one request, which has at most <see cref="Notifications.NotificationLimits.ItemBytes"/> at the door; a
/// record that is larger than Kafka takes, as one of another producer may become, is never produced and ends as
/// <see cref="DeliveryReasons.TooLarge"/>.
/// </summary>
public sealed class DeliveryRecord
{
    // Not "required" and not "init": the serializer would take such members for parameters of a constructor, box each of them and look it up
    // by its name, at twice the time. What has to be there says so by an attribute.
    [JsonRequired]
    public Guid Id { get; set; }

    [JsonRequired]
    public Guid NotificationId { get; set; }

    [JsonRequired]
    public string Address { get; set; } = null!;

    public string? RecipientId { get; set; }

    public DeviceInfo? Device { get; set; }

    /// <summary>Provider calls made before; 0 for the first.</summary>
    public int Attempt { get; set; }

    [JsonRequired]
    public string Priority { get; set; } = null!;

    [JsonRequired]
    public DateTimeOffset ExpiresAt { get; set; }

    [JsonRequired]
    public DeliveryContent Content { get; set; } = null!;

    /// <summary>The provider only checks the message and hands nothing out; the self-check's alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DryRun { get; set; }

    /// <summary>The one way from a row to its record: for what is new, what comes due and what is replayed.</summary>
    /// <param name="row">What the row says.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="content">What the delivery says, where another of the same notification and channel had it made; null to make it.</param>
    public static DeliveryRecord Of(OpenDelivery row, NotificationRequest request, DeliveryContent? content = null) =>
        new()
        {
            Id = row.Key.Id,
            NotificationId = row.NotificationId,
            Address = row.Address,
            RecipientId = row.RecipientId,
            Device = row.Device,
            Attempt = row.Attempt,
            Priority = request.EffectivePriority(),
            ExpiresAt = row.ExpiresAt,
            Content = content ?? DeliveryContent.For(row.Channel, request),
            DryRun = SelfCheckNotification.IsDryRun(row.Key.Tenant, request),
        };
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeliveryRecord))]
[JsonSerializable(typeof(DeliveryContent))]
[JsonSerializable(typeof(DeviceInfo))]
[JsonSerializable(typeof(AttemptRecord))]
[JsonSerializable(typeof(AttemptRecord[]))]
public sealed partial class DeliveryJson : JsonSerializerContext;
