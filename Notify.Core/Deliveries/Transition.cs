namespace Notify.Core.Deliveries;

/// <summary>What becomes of a delivery after an attempt.</summary>
/// <param name="State">The new state.</param>
/// <param name="Reason">Why, in the words of <see cref="DeliveryReasons"/>; null when sent.</param>
/// <param name="DueAt">When a waiting delivery comes due.</param>
/// <param name="RefundsAttempt">Whether the attempt that the claim counted is given back.</param>
/// <param name="IsMendable">Of a failed one: something outside the message may be mended, and the same message be taken then.</param>
public sealed record Transition(
    DeliveryState State,
    string? Reason = null,
    DateTimeOffset? DueAt = null,
    bool RefundsAttempt = false,
    bool IsMendable = false
)
{
    /// <summary>Whether it is kept as a dead letter, to be replayed.</summary>
    public bool LeavesLetter => State == DeliveryState.Dead || (State == DeliveryState.Failed && IsMendable);
}
