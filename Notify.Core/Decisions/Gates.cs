using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Core.Preferences;

namespace Notify.Core.Decisions;

/// <summary>
/// Decides whether a delivery may be sent. One gate is asked after the other, and the first that does not let it through decides. Pure:
/// nothing is read and nothing is written, so that what would happen can be asked as well.
/// </summary>
public static class Gates
{
    /// <summary>Grows with each change by which a snapshot may get another decision.</summary>
    public const int RulesVersion = 1;

    private delegate GateAnswer Ask(in Snapshot snapshot);

    private static readonly Ask[] InOrder =
    [
        Claim,
        Enabled,
        Duplicate,
        Address,
        Expiry,
        Suppression,
        Required,
        Marketing,
        Wanted,
        QuietGates.Muted,
        QuietGates.QuietHours,
    ];

    /// <param name="snapshot">What is looked at.</param>
    /// <param name="trace">Receives what each gate that was asked said; null where nobody wants to know.</param>
    public static Decision Decide(in Snapshot snapshot, ICollection<GateResult>? trace = null)
    {
        foreach (var ask in InOrder)
        {
            var (result, reason) = ask(in snapshot);
            trace?.Add(result);
            if (result.Verdict is not (Verdict.Pass or Verdict.Bypass))
                return new(result.Verdict, result.Gate, reason, result.Until?.ToDateTimeOffset());
        }
        return new(Verdict.Pass);
    }

    private static GateAnswer Claim(in Snapshot snapshot) =>
        (snapshot.MayHaveBeenSent, snapshot.AtMostOnce) switch
        {
            (false, _) => new(Gate.Claim, Verdict.Pass, "none"),
            (true, false) => new(Gate.Claim, Verdict.Pass, "abandoned"),
            (true, true) => new(Gate.Claim, Verdict.Doubt, "abandoned", DeliveryReasons.LeaseExpired),
        };

    private static GateAnswer Enabled(in Snapshot snapshot)
    {
        if (!snapshot.IsTenantEnabled)
            return new(Gate.Enabled, Verdict.Skip, "tenant disabled", DeliveryReasons.TenantDisabled);
        if (snapshot.Category is { IsEnabled: false })
            return new(Gate.Enabled, Verdict.Skip, "category disabled", DeliveryReasons.CategoryDisabled);
        return snapshot is { CategoryId: not null, Category: null, Tenant.IsStrict: true }
            ? new(Gate.Enabled, Verdict.Skip, "unknown category", DeliveryReasons.UnknownCategory)
            : new(Gate.Enabled, Verdict.Pass, "enabled");
    }

    private static GateAnswer Duplicate(in Snapshot snapshot) =>
        snapshot.DuplicateOf is { } first
            ? new(Gate.Duplicate, Verdict.Skip, first.ToString(), DeliveryReasons.Duplicate)
            : new(Gate.Duplicate, Verdict.Pass, "none");

    private static GateAnswer Address(in Snapshot snapshot) =>
        (snapshot.IsRecipientKnown, snapshot.HasAddress) switch
        {
            (false, _) => new(Gate.Address, Verdict.Skip, "unknown recipient", DeliveryReasons.UnknownRecipient),
            (true, false) => new(Gate.Address, Verdict.Skip, "none", DeliveryReasons.NoAddress),
            (true, true) => new(Gate.Address, Verdict.Pass, "known"),
        };

    private static GateAnswer Expiry(in Snapshot snapshot) =>
        snapshot.Now < snapshot.ExpiresAt
            ? new(Gate.Expiry, Verdict.Pass, "ahead")
            : new(Gate.Expiry, Verdict.Expire, "over", DeliveryReasons.Expired);

    private static GateAnswer Suppression(in Snapshot snapshot)
    {
        for (var i = 0; i < snapshot.Suppressions.Count; i++)
        {
            if (snapshot.Suppressions[i] is var scope && scope.Applies(snapshot.Type, snapshot.CategoryId))
                return new(Gate.Suppression, Verdict.Suppress, scope.ToString(), DeliveryReasons.Suppressed);
        }
        return new(Gate.Suppression, Verdict.Pass, "none");
    }

    private static GateAnswer Required(in Snapshot snapshot) =>
        new(new GateResult(Gate.Required, Verdict.Pass, IsRequired(snapshot) ? "true" : "false", Layer(snapshot.Category)), null);

    private static GateAnswer Marketing(in Snapshot snapshot)
    {
        if (snapshot.Type != NotificationTypes.Marketing)
            return new(Gate.Marketing, Verdict.Pass, "not marketing");
        return snapshot.Person.Marketing == false
            ? new(new GateResult(Gate.Marketing, Verdict.Skip, "false", DecisionLayer.PersonMarketing), DeliveryReasons.MarketingRefused)
            : new(Gate.Marketing, Verdict.Pass, "none");
    }

    private static GateAnswer Wanted(in Snapshot snapshot)
    {
        var (isAllowed, layer) = Preference.Resolve(
            snapshot.Person,
            snapshot.CategoryId,
            snapshot.Type,
            snapshot.Channel,
            snapshot.Tenant.Channels,
            snapshot.Category
        );
        if (!isAllowed && !IsRequired(snapshot))
            return new(new GateResult(Gate.Preference, Verdict.Skip, "false", layer), DeliveryReasons.Preference);
        // A category that nobody has made is allowed, but the record says so.
        var verdict = isAllowed && layer != DecisionLayer.UnknownCategory ? Verdict.Pass : Verdict.Bypass;
        return new(new GateResult(Gate.Preference, verdict, isAllowed ? "true" : "false", layer), null);
    }

    private static bool IsRequired(in Snapshot snapshot) => snapshot.Category is { Mode: CategoryMode.Required };

    private static DecisionLayer? Layer(Category? category) => category is null ? null : DecisionLayer.Category;
}

/// <summary>What a gate said, and the reason that the row gets where that does not let it through.</summary>
internal readonly record struct GateAnswer(GateResult Result, string? Reason)
{
    public GateAnswer(Gate gate, Verdict verdict, string value, string? reason = null)
        : this(new GateResult(gate, verdict, value), reason) { }
}
