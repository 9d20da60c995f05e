using Notify.Core.Deliveries;

namespace Notify.Core.Decisions;

/// <summary>What a gate, or all of them together, say of a delivery.</summary>
public enum Verdict
{
    /// <summary>Nothing stands in its way. Of one gate: the next is asked.</summary>
    Send,

    /// <summary>Not now, but from a time on; then it is decided again.</summary>
    Wait,

    /// <summary>Never, for a reason that lies in the request or in its recipient.</summary>
    Skip,

    /// <summary>Never: its time is over.</summary>
    Expire,

    /// <summary>Never again: it may have been sent, and must not be sent twice.</summary>
    Doubt,
}

/// <summary>What one gate made of a snapshot.</summary>
/// <param name="Gate">Its name, one of <see cref="Gates.Names"/>.</param>
/// <param name="Value">What it saw, as text; null for nothing.</param>
/// <param name="Verdict">What it says.</param>
/// <param name="Reason">Where it does not let the delivery pass: why, in the words of <see cref="DeliveryReasons"/>.</param>
/// <param name="Until">Where it says to wait: until when.</param>
public readonly record struct GateResult(string Gate, string? Value, Verdict Verdict, string? Reason = null, DateTimeOffset? Until = null);

/// <summary>What is to become of a delivery.</summary>
/// <param name="Verdict">The first verdict that is not to send, in the order of the gates; to send where every gate let it pass.</param>
/// <param name="Gate">The gate that it came from; null where it is to be sent.</param>
/// <param name="Reason">Why it is not sent now.</param>
/// <param name="Until">Where it has to wait: until when.</param>
public readonly record struct Decision(Verdict Verdict, string? Gate = null, string? Reason = null, DateTimeOffset? Until = null)
{
    public bool IsSend => Verdict == Verdict.Send;

    /// <summary>The state that the row takes.</summary>
    public DeliveryState State =>
        Verdict switch
        {
            Verdict.Send => DeliveryState.Queued,
            Verdict.Wait => DeliveryState.Waiting,
            Verdict.Skip => DeliveryState.Skipped,
            Verdict.Expire => DeliveryState.Expired,
            Verdict.Doubt => DeliveryState.Unknown,
            _ => throw new InvalidOperationException($"No state belongs to the verdict {Verdict}."),
        };
}
