using NodaTime;
using Notify.Core.Channels;
using Notify.Core.Notifications;
using Notify.Core.Preferences;
using Notify.Core.Suppressions;

namespace Notify.Core.Decisions;

/// <summary>
/// All that is looked at to decide about one delivery, when it is new, when it comes due and when an operator replays it. The same snapshot
/// always gives the same decision.
/// </summary>
public readonly record struct Snapshot
{
    public Snapshot() { }

    /// <summary>The time of the decision.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>From when on it is too late for the message.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether anything of its tenant may be sent.</summary>
    public required bool IsTenantEnabled { get; init; }

    /// <summary>The delivery's id, from which the end of its wait is drawn; null where there is none yet, which ends the wait with the quiet
    /// time.</summary>
    public Guid? DeliveryId { get; init; }

    public required Channel Channel { get; init; }

    /// <summary>One of <see cref="NotificationTypes"/>.</summary>
    public string Type { get; init; } = NotificationTypes.Transactional;

    /// <summary>One of <see cref="Priorities"/>.</summary>
    public string Priority { get; init; } = Priorities.Normal;

    /// <summary>The category that the notification names; null for none.</summary>
    public string? CategoryId { get; init; }

    /// <summary>The category of that id; null where the tenant has made none.</summary>
    public Category? Category { get; init; }

    /// <summary>What the tenant says for everybody.</summary>
    public TenantConsent Tenant { get; init; } = TenantConsent.None;

    /// <summary>What the person says; <see cref="PersonPreferences.None"/> of an address that came with the request.</summary>
    public PersonPreferences Person { get; init; } = PersonPreferences.None;

    /// <summary>For push: the device's zone; null where it is not known.</summary>
    public DateTimeZone? DeviceZone { get; init; }

    /// <summary>The recipient's zone; null where it is not known.</summary>
    public DateTimeZone? RecipientZone { get; init; }

    /// <summary>The scopes of what is suppressed of its address.</summary>
    public IReadOnlyList<SuppressionScope> Suppressions { get; init; } = [];

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
