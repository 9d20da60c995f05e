using NodaTime;
using Notify.Core.Decisions;
using Notify.Core.Notifications;
using Notify.Core.Preferences;
using Notify.Core.Recipients;
using Notify.Core.Suppressions;
using Notify.Core.Tenants;
using Notify.Core.Time;

namespace Notify.Core.Routing;

/// <summary>
/// What is known of people and addresses where a batch of deliveries is decided. Intake, release and simulation make their snapshots here,
/// so that the same facts come to the same decision in all of them.
/// </summary>
/// <param name="profiles">The registered recipients.</param>
/// <param name="suppressions">What is suppressed.</param>
/// <param name="preferences">Where preferences that were read before are found.</param>
public sealed class DecisionFacts(
    IReadOnlyDictionary<(string Tenant, string Recipient), Profile> profiles,
    IReadOnlyDictionary<OwnedAddress, List<SuppressionScope>> suppressions,
    PreferenceCache preferences
)
{
    /// <summary>Whether the recipient is registered; an address that came with its request belongs to nobody, and counts as known.</summary>
    public bool IsKnown(string tenant, string? recipient) => recipient is null || profiles.ContainsKey((tenant, recipient));

    /// <exception cref="InvalidDataException">The person's preferences are none that this version can read.</exception>
    public Snapshot SnapshotOf(
        string tenant,
        TenantEntry entry,
        NotificationRequest request,
        NotificationTerms terms,
        Candidate candidate,
        DateTimeOffset now,
        DateTimeOffset expiresAt
    )
    {
        var profile = candidate.RecipientId is { } id ? profiles.GetValueOrDefault((tenant, id)) : null;
        return new Snapshot
        {
            Now = now,
            ExpiresAt = expiresAt,
            IsTenantEnabled = entry.IsEnabled,
            DeliveryId = candidate.Id,
            Channel = candidate.Channel,
            Type = terms.Type,
            Priority = request.EffectivePriority(),
            CategoryId = request.Category,
            Category = entry.CategoryOf(request.Category),
            Tenant = entry.Consent,
            Person = profile is null ? PersonPreferences.None : preferences.Of(tenant, profile),
            DeviceZone = ZoneOf(DeviceOf(profile, candidate)?.TimeZone),
            RecipientZone = ZoneOf(profile?.TimeZone),
            Suppressions =
                candidate.Address is { } address && suppressions.TryGetValue(new(tenant, candidate.Channel, address), out var scopes)
                    ? scopes
                    : [],
            IsRecipientKnown = candidate.IsKnown,
            HasAddress = candidate.Address is not null,
        };
    }

    private static ProfileDevice? DeviceOf(Profile? profile, Candidate candidate) =>
        candidate.Device is null || profile is null ? null : profile.Devices.FirstOrDefault(device => device.Token == candidate.Address);

    private static DateTimeZone? ZoneOf(string? name) => name is not null && Zones.TryParse(name, out var zone, out _) ? zone : null;
}
