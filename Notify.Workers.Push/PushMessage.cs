using Notify.Core.Deliveries;
using Notify.Core.Notifications;

namespace Notify.Workers.Push;

/// <summary>One push notification for one device, rendered.</summary>
/// <param name="DeliveryId">Our id; also what lets a device fold a repeated message (collapse id, tag).</param>
/// <param name="Platform"><c>fcm</c> or <c>apns</c>.</param>
/// <param name="Token">The device's push token.</param>
/// <param name="App">The app the token belongs to: APNs topic (bundle id); null for the configured default.</param>
/// <param name="Environment"><c>production</c> or <c>sandbox</c>; APNs has a host for each.</param>
/// <param name="RegisteredAt">When this token was last registered: an APNs 410 older than this is not about it.</param>
/// <param name="Title">Shown in bold; null or empty for none.</param>
/// <param name="Body">The text shown.</param>
/// <param name="Data">What the app receives with it; keys <c>from</c>, <c>gcm</c> and <c>google*</c> were refused at the door.</param>
/// <param name="HighPriority">Deliver now, waking the device, rather than when convenient.</param>
/// <param name="ExpiresAt">After this the provider should not deliver any more.</param>
/// <param name="DryRun">The provider only checks it and the device gets nothing; the self-check's alone.</param>
public sealed record PushMessage(
    Guid DeliveryId,
    string Platform,
    string Token,
    string? App,
    string Environment,
    DateTimeOffset? RegisteredAt,
    string? Title,
    string Body,
    IReadOnlyDictionary<string, string> Data,
    bool HighPriority,
    DateTimeOffset ExpiresAt,
    bool DryRun = false
)
{
    private static readonly IReadOnlyDictionary<string, string> s_noData = new Dictionary<string, string>();

    /// <exception cref="InvalidDataException">The record names no device.</exception>
    public static PushMessage Of(DeliveryRecord record)
    {
        var device = record.Device ?? throw new InvalidDataException("A push delivery names its device.");
        return new(
            record.Id,
            device.Platform,
            record.Address,
            device.App,
            device.Environment,
            device.RegisteredAt,
            record.Content.Title,
            record.Content.Body ?? "",
            record.Content.Data ?? s_noData,
            record.Priority is Priorities.Critical or Priorities.High or Priorities.Normal,
            record.ExpiresAt,
            record.DryRun
        );
    }
}
