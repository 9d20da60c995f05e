namespace Notify.Core.Deliveries;

/// <summary>Where a delivery stands. The stored and shown names are those of <see cref="DeliveryStates"/>.</summary>
public enum DeliveryState
{
    Queued,
    Sending,
    Waiting,
    Sent,
    Delivered,
    Failed,
    Bounced,
    Expired,
    Suppressed,
    Skipped,
    Cancelled,
    Unknown,
    Dead,
}
