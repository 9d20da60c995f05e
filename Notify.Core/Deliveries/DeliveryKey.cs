using Notify.Core.Notifications;

namespace Notify.Core.Deliveries;

/// <summary>What finds a delivery's row: the accept time is the partition, and is inside the id.</summary>
public readonly record struct DeliveryKey(string Tenant, Guid Id)
{
    public DateTimeOffset AcceptedAt => UuidV7.TimeOf(Id);
}
