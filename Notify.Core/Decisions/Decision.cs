using Notify.Core.Deliveries;

namespace Notify.Core.Decisions;

/// <summary>What is to become of a delivery.</summary>
/// <param name="Verdict">The first verdict that does not let it through, in the order of the gates; pass where all of them did.</param>
/// <param name="Gate">The gate that it came from; null where it is to be sent.</param>
/// <param name="Reason">Why it is not sent now, in the words of <see cref="DeliveryReasons"/>.</param>
/// <param name="Until">Where it has to wait: until when.</param>
public readonly record struct Decision(Verdict Verdict, Gate? Gate = null, string? Reason = null, DateTimeOffset? Until = null)
{
    public bool IsSend => Verdict == Verdict.Pass;

    /// <summary>The state that the row takes.</summary>
    public DeliveryState State =>
        Verdict switch
        {
            Verdict.Pass => DeliveryState.Queued,
            Verdict.Wait => DeliveryState.Waiting,
            Verdict.Skip => DeliveryState.Skipped,
            Verdict.Suppress => DeliveryState.Suppressed,
            Verdict.Expire => DeliveryState.Expired,
            Verdict.Doubt => DeliveryState.Unknown,
            _ => throw new InvalidOperationException($"No state belongs to the verdict {Verdict}."),
        };
}
