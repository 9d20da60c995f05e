using Notify.Core.Messaging;

namespace Notify.Core.Deliveries.Lanes;

/// <summary>One delivery record on its way through a lane, rendered.</summary>
public sealed record DeliveryJob<TMessage>(ConsumedRecord Record, DeliveryKey Key, DeliveryRecord Delivery, TMessage Message)
{
    /// <summary>Whose messages keep their order.</summary>
    internal (string Tenant, string Address) Person => (Key.Tenant, Delivery.Address);
}
