namespace Notify.Core.Decisions;

/// <summary>
/// All that is looked at to decide about one delivery, when it is new, when it comes due and when an operator replays it. The same snapshot
/// always gives the same decision.
/// </summary>
public readonly record struct Snapshot
{
    /// <summary>The time of the decision.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>From when on it is too late for the message.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether anything of its tenant may be sent.</summary>
    public required bool IsTenantEnabled { get; init; }

    /// <summary>The notification that had the same key first, within its day; null where this one is the first.</summary>
    public Guid? DuplicateOf { get; init; }

    /// <summary>Whether the recipient is registered, or came with addresses in the request.</summary>
    public bool IsRecipientKnown { get; init; }

    /// <summary>Whether the recipient can be reached on the channel.</summary>
    public bool HasAddress { get; init; }

    /// <summary>Whether a worker claimed it and did not come back: a provider may have the message.</summary>
    public bool MayHaveBeenSent { get; init; }

    /// <summary>Whether the message is rather lost than sent twice.</summary>
    public bool AtMostOnce { get; init; }
}
