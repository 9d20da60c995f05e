using Notify.Core.Deliveries.Rows;

namespace Notify.Core.Deliveries;

/// <summary>An outcome that is to be written.</summary>
/// <param name="Key">The delivery.</param>
/// <param name="Claim">The claim under which the attempt was made.</param>
/// <param name="Transition">What becomes of the delivery.</param>
/// <param name="Attempt">The call that was made; null when none was (expired before it).</param>
/// <param name="ProviderMessageId">The provider's id, when sent.</param>
/// <param name="Segments">Billed segments, where the channel counts them.</param>
/// <param name="DeadDevice">The device to disable with it.</param>
public sealed record SettledAttempt(
    DeliveryKey Key,
    Claim Claim,
    Transition Transition,
    AttemptRecord? Attempt,
    string? ProviderMessageId = null,
    int? Segments = null,
    DeadDevice? DeadDevice = null
);

/// <summary>A token that a provider declared gone.</summary>
public sealed record DeadDevice(string RecipientId, string DeviceId, string Token, string Code);

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
