using System.Text;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Core.Recipients;

namespace Notify.Core.Routing;

/// <summary>
/// Decides which deliveries a notification becomes: one for each channel and address, and a skipped one, with the reason, for each
/// recipient that a channel cannot reach. Pure: the same input gives the same deliveries with the same ids.
/// </summary>
public static class RoutingPlan
{
    /// <param name="tenant">Whose notification it is: two tenants' producers may give one id, and a delivery's id is its whole key.</param>
    /// <param name="notificationId">A UUIDv7; its time is the deliveries' time too.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="profiles">The registered recipients among those named.</param>
    /// <param name="skipAll">A reason that holds for every delivery, such as a duplicate; null for none.</param>
    public static IReadOnlyList<PlannedDelivery> Decide(
        string tenant,
        Guid notificationId,
        NotificationRequest request,
        IReadOnlyDictionary<string, Profile> profiles,
        string? skipAll
    )
    {
        var time = UuidV7.TimeOf(notificationId);
        var planned = new Dictionary<Guid, PlannedDelivery>();
        foreach (var target in request.Recipients ?? [])
        {
            var profile = target.Id is null ? Inline(target) : profiles.GetValueOrDefault(target.Id);
            foreach (var delivery in ForRecipient(target, profile, ChannelsOf(request)))
            {
                // Two recipients with the same address get one message: the address is what a delivery is for. Where there is none it is
                // the recipient, behind what stands in no address.
                var material = $"{tenant}/{notificationId:N}/{delivery.Channel.ToName()}/{delivery.Address ?? "\n" + target.OrderingKey()}";
                var id = UuidV7.Derive(time, Encoding.UTF8.GetBytes(material));
                planned.TryAdd(id, delivery with { Id = id, SkipReason = delivery.SkipReason ?? skipAll });
            }
        }
        return [.. planned.Values];
    }

    /// <summary>The channels that were named; null where the choice is left to what the recipient has.</summary>
    private static List<Channel>? ChannelsOf(NotificationRequest request) =>
        request
            .Channels?.Select(name =>
                ChannelNames.TryParse(name, out var channel) ? channel : throw new InvalidDataException("Unknown channel.")
            )
            .ToList();

    private static IEnumerable<PlannedDelivery> ForRecipient(RecipientTarget target, Profile? profile, List<Channel>? chosen)
    {
        if (profile is null)
            return (chosen ?? ChannelNames.All).Select(channel => Skipped(channel, target, DeliveryReasons.UnknownRecipient));
        var reached = (chosen ?? ChannelNames.All).SelectMany(channel => OnChannel(channel, target, profile)).ToList();
        if (chosen is null && reached.Exists(delivery => delivery.SkipReason is null))
            reached.RemoveAll(delivery => delivery.SkipReason is not null); // nobody asked for the channels that are missing
        return reached;
    }

    private static List<PlannedDelivery> OnChannel(Channel channel, RecipientTarget target, Profile profile)
    {
        var addresses = channel switch
        {
            Channel.Push => profile.Devices.Select(device => (device.Token, (DeviceInfo?)InfoOf(device))),
            // one domain in one form, so that one address is one delivery
            Channel.Email => One(profile.Email is { } email ? MailDomain.InAddress(email) : null),
            Channel.Sms => One(profile.Phone),
            _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, null),
        };
        var deliveries = addresses
            .Select(address => new PlannedDelivery(default, channel, target.Id, address.Item1, address.Item2, null))
            .ToList();
        return deliveries.Count > 0 ? deliveries : [Skipped(channel, target, DeliveryReasons.NoAddress)];
    }

    private static IEnumerable<(string, DeviceInfo?)> One(string? address) => address is null ? [] : [(address, null)];

    private static PlannedDelivery Skipped(Channel channel, RecipientTarget target, string reason) =>
        new(default, channel, target.Id, null, null, reason);

    private static DeviceInfo InfoOf(ProfileDevice device) =>
        new()
        {
            DeviceId = device.DeviceId.Length == 0 ? null : device.DeviceId,
            Platform = device.Platform,
            App = device.App,
            Environment = device.Environment,
            RegisteredAt = device.RegisteredAt == default ? null : device.RegisteredAt,
        };

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
