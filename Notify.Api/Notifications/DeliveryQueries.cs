using Notify.Core.Data;
using Notify.Core.Notifications;

namespace Notify.Api.Notifications;

/// <summary>Questions about deliveries that touch no more days than they have to.</summary>
internal static class DeliveryQueries
{
    /// <summary>A notification's deliveries: their ids have its time.</summary>
    public static IQueryable<Delivery> OfNotification(this IQueryable<Delivery> deliveries, string tenant, Guid notification)
    {
        var (first, last) = UuidV7.RangeAt(UuidV7.TimeOf(notification));
        return deliveries.Where(d =>
            d.TenantId == tenant && d.NotificationId == notification && d.DeliveryId >= first && d.DeliveryId <= last
        );
    }

    public static IQueryable<Delivery> From(this IQueryable<Delivery> deliveries, DateTimeOffset from)
    {
        var first = UuidV7.RangeAt(from).First;
        return deliveries.Where(d => d.AcceptedAt >= from && d.DeliveryId >= first);
    }

    public static IQueryable<Delivery> UpTo(this IQueryable<Delivery> deliveries, DateTimeOffset to)
    {
        var last = UuidV7.RangeAt(to).Last;
        return deliveries.Where(d => d.AcceptedAt <= to && d.DeliveryId <= last);
    }
}
