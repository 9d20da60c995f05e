using System.Text.Json;
using System.Text.Json.Serialization;
using Notify.Core.Channels;

namespace Notify.Core.Deliveries;

/// <summary>
/// The value of a record on <c>deliveries.{channel}.{lane}</c>: all that a worker needs to render and send, so that it reads nothing but
/// its claim. Its words are those of one request, which has at most <see cref="Notifications.NotificationLimits.ItemBytes"/> at the door; a
/// record that is larger than Kafka takes, as one of another producer may become, is never produced and ends as
/// <see cref="DeliveryReasons.TooLarge"/>.
/// </summary>
public sealed class DeliveryRecord
{
    public required Guid Id { get; init; }

    public required Guid NotificationId { get; init; }

    public required string Address { get; init; }

    public string? RecipientId { get; init; }

    public DeviceInfo? Device { get; init; }

    /// <summary>Provider calls made before; 0 for the first.</summary>
    public int Attempt { get; init; }

    public required string Priority { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required DeliveryContent Content { get; init; }

    /// <summary>The provider only checks the message and hands nothing out; the self-check's alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DryRun { get; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeliveryRecord))]
[JsonSerializable(typeof(DeliveryContent))]
[JsonSerializable(typeof(DeviceInfo))]
[JsonSerializable(typeof(AttemptRecord))]
[JsonSerializable(typeof(AttemptRecord[]))]
public sealed partial class DeliveryJson : JsonSerializerContext;
