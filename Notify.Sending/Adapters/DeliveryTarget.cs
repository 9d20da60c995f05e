using Notify.Core.Channels;
using Notify.Core.Deliveries;

namespace Notify.Sending.Adapters;

/// <summary>
/// Where a delivery goes. It is what decides which provider may be called, and so is known before anything is claimed or rendered.
/// </summary>
/// <param name="Tenant">Whose delivery it is.</param>
/// <param name="Address">The address, such as a mail address, a number or a device's token.</param>
/// <param name="Device">What is known of the device, where the address is a device's.</param>
/// <param name="DryRun">The provider is only to check the message; the self-check's alone.</param>
public readonly record struct DeliveryTarget(string Tenant, string Address, DeviceInfo? Device = null, bool DryRun = false)
{
    public static DeliveryTarget Of(string tenant, DeliveryRecord delivery) =>
        new(tenant, delivery.Address, delivery.Device, delivery.DryRun);
}
