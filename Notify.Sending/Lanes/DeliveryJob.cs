using System.Globalization;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Sending.Adapters;

namespace Notify.Sending.Lanes;

/// <summary>One delivery record on its way through a lane.</summary>
public sealed record DeliveryJob(ConsumedRecord Record, DeliveryKey Key, DeliveryRecord Delivery)
{
    private const int MaxWeight = 100;

    /// <summary>How many turns its tenant has where another has one.</summary>
    internal int Weight { get; } =
        int.TryParse(Record.Headers.Text(RecordHeaders.TenantWeight), NumberStyles.None, CultureInfo.InvariantCulture, out var weight)
            ? Math.Clamp(weight, 1, MaxWeight)
            : 1;

    /// <summary>Whose messages keep their order.</summary>
    internal (string Tenant, string Address) Person => (Key.Tenant, Delivery.Address);

    internal DeliveryTarget Target => DeliveryTarget.Of(Key.Tenant, Delivery);
}
