using Notify.Core.Deliveries;

namespace Notify.Core.Decisions;

/// <summary>
/// Decides whether a delivery may be sent. One gate is asked after the other, and the first that does not let it pass decides. Pure: nothing
/// is read and nothing is written, so that what would happen can be asked as well.
/// </summary>
public static class Gates
{
    private delegate GateResult Gate(in Snapshot snapshot);

    private static readonly (string Name, Gate Ask)[] InOrder =
    [
        ("claim", Claim),
        ("tenant", Tenant),
        ("duplicate", Duplicate),
        ("address", Address),
        ("expiry", Expiry),
    ];

    /// <summary>The gates, in the order in which they are asked.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. InOrder.Select(gate => gate.Name)];

    /// <param name="snapshot">What is looked at.</param>
    /// <param name="trace">Receives what each gate that was asked said; null where nobody wants to know.</param>
    public static Decision Decide(in Snapshot snapshot, ICollection<GateResult>? trace = null)
    {
        foreach (var (_, ask) in InOrder)
        {
            var result = ask(in snapshot);
            trace?.Add(result);
            if (result.Verdict != Verdict.Send)
                return new(result.Verdict, result.Gate, result.Reason, result.Until);
        }
        return new(Verdict.Send);
    }

    private static GateResult Claim(in Snapshot snapshot) =>
        (snapshot.MayHaveBeenSent, snapshot.AtMostOnce) switch
        {
            (false, _) => new("claim", "none", Verdict.Send),
            (true, false) => new("claim", "abandoned", Verdict.Send),
            (true, true) => new("claim", "abandoned", Verdict.Doubt, DeliveryReasons.LeaseExpired),
        };

    private static GateResult Tenant(in Snapshot snapshot) =>
        snapshot.IsTenantEnabled
            ? new("tenant", "enabled", Verdict.Send)
            : new("tenant", "disabled", Verdict.Skip, DeliveryReasons.TenantDisabled);

    private static GateResult Duplicate(in Snapshot snapshot) =>
        snapshot.DuplicateOf is { } first
            ? new("duplicate", first.ToString(), Verdict.Skip, DeliveryReasons.Duplicate)
            : new("duplicate", null, Verdict.Send);

    private static GateResult Address(in Snapshot snapshot) =>
        (snapshot.IsRecipientKnown, snapshot.HasAddress) switch
        {
            (false, _) => new("address", "unknown", Verdict.Skip, DeliveryReasons.UnknownRecipient),
            (true, false) => new("address", "none", Verdict.Skip, DeliveryReasons.NoAddress),
            (true, true) => new("address", "known", Verdict.Send),
        };

    private static GateResult Expiry(in Snapshot snapshot) =>
        snapshot.Now < snapshot.ExpiresAt
            ? new("expiry", "ahead", Verdict.Send)
            : new("expiry", "over", Verdict.Expire, DeliveryReasons.Expired);
}
