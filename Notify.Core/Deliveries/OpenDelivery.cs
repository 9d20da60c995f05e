using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Core.Deliveries;

/// <summary>What the row of a delivery says that is to be sent.</summary>
/// <param name="Key">Its key.</param>
/// <param name="NotificationId">The notification it belongs to.</param>
/// <param name="Channel">Its channel.</param>
/// <param name="Lane">Its lane.</param>
/// <param name="RecipientId">The registered recipient; null where the address came with the request.</param>
/// <param name="Address">Where it goes.</param>
/// <param name="Device">For push: what the provider needs to know of the device.</param>
/// <param name="Attempt">Provider calls made before; 0 for the first.</param>
/// <param name="ExpiresAt">From when on it is too late for it.</param>
public sealed record OpenDelivery(
    DeliveryKey Key,
    Guid NotificationId,
    Channel Channel,
    Lane Lane,
    string? RecipientId,
    string Address,
    DeviceInfo? Device,
    int Attempt,
    DateTimeOffset ExpiresAt
);
