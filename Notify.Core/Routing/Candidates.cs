using System.Text;
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
        var time = UuidV7.TimeOf(notificationId);
        var candidates = new Dictionary<Guid, Candidate>();
        foreach (var target in request.Recipients ?? [])
        {
            var profile = target.Id is null ? Inline(target) : profiles.GetValueOrDefault((tenant, target.Id));
            foreach (var candidate in ForRecipient(target, profile, channels))
            {
                // Two recipients with the same address get one message: the address is what a delivery is for. Where there is none it is
                // the recipient, behind what stands in no address.
                var material =
                    $"{tenant}/{notificationId:N}/{candidate.Channel.ToName()}/{candidate.Address ?? "\n" + target.OrderingKey()}";
                var id = UuidV7.Derive(time, Encoding.UTF8.GetBytes(material));
                candidates.TryAdd(id, candidate with { Id = id });
            }
        }
        return candidates.Values;
    }

    private static IEnumerable<Candidate> ForRecipient(RecipientTarget target, Profile? profile, IReadOnlyList<Channel>? chosen)
    {
        if (profile is null)
            return (chosen ?? ChannelNames.All).Select(channel => new Candidate(default, channel, target.Id, false, null, null));
        var reached = (chosen ?? ChannelNames.All).SelectMany(channel => OnChannel(channel, target, profile)).ToList();
        if (chosen is null && reached.Exists(candidate => candidate.Address is not null))
            reached.RemoveAll(candidate => candidate.Address is null); // nobody asked for the channels that are missing
        return reached;
    }

    private static List<Candidate> OnChannel(Channel channel, RecipientTarget target, Profile profile)
    {
        var candidates = ChannelDefinition
            .Of(channel)
            .AddressesOf(profile)
            .Select(reached => new Candidate(default, channel, target.Id, true, reached.Address, reached.Device))
            .ToList();
        return candidates.Count > 0 ? candidates : [new(default, channel, target.Id, true, null, null)];
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
