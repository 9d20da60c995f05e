using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Core.Routing;

namespace Notify.Workers.Router.Intake;

/// <summary>A queued delivery that is to be produced.</summary>
internal sealed record SendableDelivery(IncomingNotification Notification, PlannedDelivery Delivery)
{
    public DeliveryRecord ToRecord() =>
        new()
        {
            Id = Delivery.Id,
            NotificationId = Notification.Id,
            Address = Delivery.Address!,
            RecipientId = Delivery.RecipientId,
            Device = Delivery.Device,
            Priority = Notification.Request.EffectivePriority(),
            ExpiresAt = Notification.ExpiresAt,
            Content = DeliveryContent.For(Delivery.Channel, Notification.Request),
            DryRun = SelfCheckNotification.IsDryRun(Notification.Tenant, Notification.Request),
        };
}
