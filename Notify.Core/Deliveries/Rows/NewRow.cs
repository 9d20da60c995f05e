using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Core.Deliveries.Rows;

/// <summary>A delivery that is to be written for the first time.</summary>
/// <param name="Key">Its key.</param>
/// <param name="NotificationId">The notification it belongs to.</param>
/// <param name="Channel">Its channel.</param>
/// <param name="Lane">Its lane.</param>
/// <param name="RecipientId">The registered recipient; null where the address was given in the request.</param>
/// <param name="Address">Where it goes; null where the recipient has none on this channel.</param>
/// <param name="Device">For push: what the provider needs to know of the device.</param>
/// <param name="State">One of <see cref="DeliveryRules.First"/>.</param>
/// <param name="Reason">Why it is skipped or waits.</param>
/// <param name="AtMostOnce">Whether it ends rather than being sent a second time.</param>
/// <param name="ExpiresAt">When it is too late for it; what waits comes due then at the latest.</param>
/// <param name="DueAt">When it comes due if it waits; null for its expiry.</param>
/// <param name="Decision">Why it was decided so, in the form of <see cref="Decisions.DecisionTrace"/>.</param>
public sealed record NewRow(
    DeliveryKey Key,
    Guid NotificationId,
    Channel Channel,
    Lane Lane,
    string? RecipientId,
    string? Address,
    DeviceInfo? Device,
    DeliveryState State,
    string? Reason,
    bool AtMostOnce,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? DueAt = null,
    string? Decision = null
);
