using NodaTime;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Core.Preferences;
using Notify.Core.Time;

namespace Notify.Core.Decisions;

/// <summary>The gates that let a message wait until its recipient may be disturbed.</summary>
internal static class QuietGates
{
    public static GateAnswer Muted(in Snapshot snapshot)
    {
        if (snapshot.Person.MutedUntil is not { } until || Instant.FromDateTimeOffset(snapshot.Now) >= until)
            return new(Gate.Muted, Verdict.Pass, "none");
        if (PassesBy(snapshot) is { } layer)
            return new(new GateResult(Gate.Muted, Verdict.Bypass, "muted", layer), null);
        return IsTooLate(snapshot, until)
            ? new(Gate.Muted, Verdict.Expire, "muted", DeliveryReasons.Muted)
            : new(new GateResult(Gate.Muted, Verdict.Wait, "muted", Until: until), DeliveryReasons.Muted);
    }

    public static GateAnswer QuietHours(in Snapshot snapshot)
    {
        if (snapshot.Person.QuietHours is not { } quiet)
            return new(Gate.QuietHours, Verdict.Pass, "none");
        if (ZoneOf(snapshot, quiet) is not { } place)
            // Only where the zones that were there when the person chose the hours were taken away since.
            return new(Gate.QuietHours, Verdict.Bypass, "no zone");
        if (quiet.Schedule.Find(place.Zone, Instant.FromDateTimeOffset(snapshot.Now)) is not { } stretch)
            return new(new GateResult(Gate.QuietHours, Verdict.Pass, "not now", place.Layer, Zone: place.Zone.Id), null);
        if (PassesBy(snapshot) is { } layer)
            return new(new GateResult(Gate.QuietHours, Verdict.Bypass, stretch.ToString(), layer, Zone: place.Zone.Id), null);
        if (IsTooLate(snapshot, stretch.Until))
            return new(
                new GateResult(Gate.QuietHours, Verdict.Expire, stretch.ToString(), place.Layer, Zone: place.Zone.Id),
                DeliveryReasons.QuietHours
            );
        var until = snapshot.DeliveryId is { } id
            ? ReleaseJitter.After(stretch.Until, id, snapshot.Priority, quiet.Schedule, place.Zone)
            : stretch.Until;
        if (IsTooLate(snapshot, until))
            until = stretch.Until; // better with the crowd than too late
        return new(
            new GateResult(Gate.QuietHours, Verdict.Wait, stretch.ToString(), place.Layer, until, place.Zone.Id),
            DeliveryReasons.QuietHours
        );
    }

    /// <summary>What lets the message through at any time; null for nothing.</summary>
    private static DecisionLayer? PassesBy(in Snapshot snapshot)
    {
        if (snapshot.Priority == Priorities.Critical && snapshot.Type != NotificationTypes.Marketing)
            return DecisionLayer.Priority;
        return snapshot.Category is { QuietHours: QuietHoursRule.Ignore } ? DecisionLayer.Category : null;
    }

    /// <summary>The zone that the person gave with the hours, else the device's that a push goes to, the recipient's, the
    /// tenant's.</summary>
    private static (DateTimeZone Zone, DecisionLayer Layer)? ZoneOf(in Snapshot snapshot, PersonQuietHours quiet)
    {
        if (quiet.Zone is { } ofHours)
            return (ofHours, DecisionLayer.Recipient);
        if (snapshot.DeviceZone is { } ofDevice)
            return (ofDevice, DecisionLayer.Device);
        if (snapshot.RecipientZone is { } ofRecipient)
            return (ofRecipient, DecisionLayer.Recipient);
        return snapshot.Tenant.Zone is { } ofTenant ? (ofTenant, DecisionLayer.Tenant) : null;
    }

    private static bool IsTooLate(in Snapshot snapshot, Instant until) => until >= Instant.FromDateTimeOffset(snapshot.ExpiresAt);
}
