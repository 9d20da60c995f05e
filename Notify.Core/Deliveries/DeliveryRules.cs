using System.Collections.Frozen;

namespace Notify.Core.Deliveries;

/// <summary>What is done to a delivery's row. Each verb has one file in <c>Rows/</c> with its statement.</summary>
public enum DeliveryVerb
{
    /// <summary>A worker takes the right to an attempt.</summary>
    Claim,

    /// <summary>A worker writes what the attempt came to.</summary>
    Settle,

    /// <summary>A worker puts it aside unclaimed.</summary>
    Park,

    /// <summary>A claim's lease is over: the row comes due.</summary>
    Lapse,

    /// <summary>The Router produces what came due again, or ends it.</summary>
    Release,

    /// <summary>The Router ends what Kafka will never take.</summary>
    Fail,

    /// <summary>Its producer does not want it any more.</summary>
    Cancel,

    /// <summary>Its record was lost between the Router and the workers: it comes due.</summary>
    Reconcile,

    /// <summary>An operator wants it tried again.</summary>
    Revive,

    /// <summary>What its recipient allows has changed: it is decided again before anybody may claim it.</summary>
    Reconsider,
}

/// <summary>
/// Which verb may take a delivery from which state to which. The statements' conditions are made of it, so that what is allowed stands here
/// alone; what else a verb asks of a row (that it is due, that the claim is still its own) stands with its statement.
/// </summary>
public static class DeliveryRules
{
    private static readonly FrozenDictionary<DeliveryVerb, Rule> Rules = new Dictionary<DeliveryVerb, Rule>
    {
        [DeliveryVerb.Claim] = new([DeliveryState.Queued, DeliveryState.Waiting, DeliveryState.Sending], [DeliveryState.Sending]),
        [DeliveryVerb.Settle] = new(
            [DeliveryState.Sending],
            [
                DeliveryState.Sent,
                DeliveryState.Waiting,
                DeliveryState.Failed,
                DeliveryState.Suppressed,
                DeliveryState.Expired,
                DeliveryState.Unknown,
                DeliveryState.Dead,
            ]
        ),
        [DeliveryVerb.Park] = new([DeliveryState.Queued, DeliveryState.Waiting, DeliveryState.Sending], [DeliveryState.Waiting]),
        [DeliveryVerb.Lapse] = new([DeliveryState.Sending], [DeliveryState.Sending]),
        [DeliveryVerb.Release] = new(
            [DeliveryState.Waiting, DeliveryState.Sending],
            [
                DeliveryState.Queued,
                DeliveryState.Waiting,
                DeliveryState.Failed,
                DeliveryState.Skipped,
                DeliveryState.Suppressed,
                DeliveryState.Expired,
                DeliveryState.Unknown,
            ]
        ),
        [DeliveryVerb.Fail] = new([DeliveryState.Queued], [DeliveryState.Failed]),
        [DeliveryVerb.Cancel] = new([DeliveryState.Queued, DeliveryState.Waiting], [DeliveryState.Cancelled]),
        [DeliveryVerb.Reconcile] = new([DeliveryState.Queued], [DeliveryState.Waiting]),
        [DeliveryVerb.Revive] = new([DeliveryState.Dead, DeliveryState.Failed], [DeliveryState.Waiting]),
        [DeliveryVerb.Reconsider] = new(
            [DeliveryState.Queued, DeliveryState.Waiting, DeliveryState.Sending],
            [DeliveryState.Waiting, DeliveryState.Sending]
        ),
    }.ToFrozenDictionary();

    /// <summary>The states in which a new row may begin.</summary>
    public static IReadOnlyList<DeliveryState> First { get; } =
    [DeliveryState.Queued, DeliveryState.Waiting, DeliveryState.Skipped, DeliveryState.Suppressed, DeliveryState.Expired];

    public static bool Allows(DeliveryVerb verb, DeliveryState from, DeliveryState to) =>
        Rules[verb].From.Contains(from) && Rules[verb].To.Contains(to);

    /// <summary>Whether the verb touches a row in this state at all.</summary>
    public static bool Touches(DeliveryVerb verb, DeliveryState state) => Rules[verb].From.Contains(state);

    /// <summary>The condition on the row <c>d</c>, for a statement.</summary>
    public static string Sql(DeliveryVerb verb) =>
        $"d.state IN ({string.Join(", ", Rules[verb].From.Select(state => $"'{state.ToName()}'"))})";

    /// <summary>
    /// The condition on a row <c>d</c> that may be claimed, or put aside unclaimed. A waiting row that is due and a claim that has lapsed
    /// may be: the pump's record can arrive before the pump has committed the row as queued, and a row that does not match as it stands now
    /// is passed over without waiting for that commit. One that waits for its tenant's turn has no record before the pump makes one,
    /// whatever its due time. Under at-most-once a lapsed claim is never sent again. What is to be decided again is nobody's to claim, and
    /// comes back as queued where it may be sent: that is why an opt-out holds for every claim after it.
    /// </summary>
    public const string Claimable = $"""
        (d.state = 'queued'
         OR (d.state = 'waiting' AND (d.due_at <= now() OR d.reason = 'share') AND {NotReconsidered})
         OR (d.state = 'sending' AND d.due_at <= now() AND NOT d.at_most_once AND {NotReconsidered}))
        """;

    private const string NotReconsidered = $"d.reason IS DISTINCT FROM '{DeliveryReasons.Consent}'";

    private sealed record Rule(DeliveryState[] From, DeliveryState[] To);
}
