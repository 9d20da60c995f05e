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

/// <summary>The names of states in columns, answers, metrics and logs.</summary>
public static class DeliveryStates
{
    public static string ToName(this DeliveryState state) =>
        state switch
        {
            DeliveryState.Queued => "queued",
            DeliveryState.Sending => "sending",
            DeliveryState.Waiting => "waiting",
            DeliveryState.Sent => "sent",
            DeliveryState.Delivered => "delivered",
            DeliveryState.Failed => "failed",
            DeliveryState.Bounced => "bounced",
            DeliveryState.Expired => "expired",
            DeliveryState.Suppressed => "suppressed",
            DeliveryState.Skipped => "skipped",
            DeliveryState.Cancelled => "cancelled",
            DeliveryState.Unknown => "unknown",
            DeliveryState.Dead => "dead",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
        };

    /// <summary>Nothing more will be done by us (a receipt may still move <c>sent</c> to <c>delivered</c> or <c>bounced</c>).</summary>
    public static bool IsSettled(string state) => state is not ("queued" or "sending" or "waiting");
}
