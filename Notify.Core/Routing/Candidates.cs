using Notify.Core.Channels;
using Notify.Core.Notifications;
using Notify.Core.Recipients;

namespace Notify.Core.Routing;

/// <summary>
/// The deliveries that a notification may become: one for each channel and address, and one without an address for each recipient that a
/// channel cannot reach. Pure: the same input gives the same deliveries with the same ids.
/// </summary>
public static class Candidates
{
    /// <param name="tenant">Whose notification it is: two tenants' producers may give one id, and a delivery's id is its whole key.</param>
    /// <param name="notificationId">A UUIDv7; its time is the deliveries' time too.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="profiles">The registered recipients among those named, and perhaps others.</param>
    /// <param name="channels">Where it goes; null for every channel that the recipient has an address for.</param>
    public static IReadOnlyCollection<Candidate> Of(
        string tenant,
        Guid notificationId,
        NotificationRequest request,
        IReadOnlyDictionary<(string Tenant, string Recipient), Profile> profiles,
        IReadOnlyList<Channel>? channels
    )
    {
        IReadOnlyList<RecipientTarget> recipients = request.Recipients ?? [];
        var candidates = new CandidateList(tenant, notificationId, recipients.Count);
        for (var i = 0; i < recipients.Count; i++)
        {
            var target = recipients[i];
            if ((target.Id is null ? Inline(target) : profiles.GetValueOrDefault((tenant, target.Id))) is { } profile)
                AddKnown(candidates, target, profile, channels);
            else
                AddWithoutAddress(candidates, target, channels ?? ChannelNames.All, isKnown: false);
        }
        return candidates.All;
    }

    /// <summary>Where no channel was named, nobody asked for those that are missing, unless all are.</summary>
    private static void AddKnown(CandidateList candidates, RecipientTarget target, Profile profile, IReadOnlyList<Channel>? chosen)
    {
        var channels = chosen ?? ChannelNames.All;
        var isReached = false;
        for (var i = 0; i < channels.Count; i++)
        {
            var isReachedHere = false;
            foreach (var (address, device) in ChannelDefinition.Of(channels[i]).AddressesOf(profile))
            {
                candidates.Add(target, channels[i], isKnown: true, address, device);
                isReachedHere = true;
            }
            if (!isReachedHere && chosen is not null)
                candidates.Add(target, channels[i], isKnown: true, address: null, device: null);
            isReached |= isReachedHere;
        }
        if (!isReached && chosen is null)
            AddWithoutAddress(candidates, target, channels, isKnown: true);
    }

    private static void AddWithoutAddress(CandidateList candidates, RecipientTarget target, IReadOnlyList<Channel> channels, bool isKnown)
    {
        for (var i = 0; i < channels.Count; i++)
            candidates.Add(target, channels[i], isKnown, address: null, device: null);
    }

    private static Profile Inline(RecipientTarget target) =>
        new()
        {
            RecipientId = "",
            Email = target.Email,
            Phone = target.Phone,
            Devices = target.Push is { } push
                ? [new("", push.Platform!, push.App, push.Environment ?? "production", push.Token!, default)]
                : [],
        };
}
