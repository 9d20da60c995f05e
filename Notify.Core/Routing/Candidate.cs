using Notify.Core.Channels;
using Notify.Core.Deliveries;

namespace Notify.Core.Routing;

/// <summary>One delivery that a notification may become.</summary>
/// <param name="Id">The delivery's id: the same whenever the notification is routed.</param>
/// <param name="Channel">Its channel.</param>
/// <param name="RecipientId">The registered recipient; null where the address came with the request.</param>
/// <param name="IsKnown">False where no such recipient is registered.</param>
/// <param name="Address">Where it goes; null where the recipient cannot be reached on the channel.</param>
/// <param name="Device">For push: what the provider needs to know of the device.</param>
public sealed record Candidate(Guid Id, Channel Channel, string? RecipientId, bool IsKnown, string? Address, DeviceInfo? Device);
