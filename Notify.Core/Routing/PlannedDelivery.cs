using Notify.Core.Channels;
using Notify.Core.Deliveries;

namespace Notify.Core.Routing;

/// <summary>One delivery as the Router decided it: to be sent, or skipped with the reason.</summary>
public sealed record PlannedDelivery(
    Guid Id,
    Channel Channel,
    string? RecipientId,
    string? Address,
    DeviceInfo? Device,
    string? SkipReason
);
