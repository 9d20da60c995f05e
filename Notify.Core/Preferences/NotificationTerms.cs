using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Core.Preferences;

/// <summary>What holds for a notification: its own words, and where it says nothing those of its category.</summary>
/// <param name="Type">One of <see cref="NotificationTypes"/>. What a category calls marketing is marketing, whatever the request
/// says.</param>
/// <param name="Channels">Where it goes; null for every channel that the recipient has an address for.</param>
/// <param name="TimeToLive">How long after its accepting it may be delivered.</param>
/// <param name="AtMostOnce">Whether it is rather lost than sent twice.</param>
public readonly record struct NotificationTerms(string Type, IReadOnlyList<Channel>? Channels, TimeSpan TimeToLive, bool AtMostOnce)
{
    /// <param name="request">A request that has been held to its rules.</param>
    /// <param name="category">The category that it names; null for none, or where there is no such category.</param>
    public static NotificationTerms Of(NotificationRequest request, Category? category) =>
        new(
            category?.Type == NotificationTypes.Marketing
                ? NotificationTypes.Marketing
                : request.Type ?? category?.Type ?? NotificationTypes.Transactional,
            request.Channels is { } named ? ChannelsOf(named) : category?.Channels,
            request.Ttl is null && category?.TimeToLive is { } timeToLive ? timeToLive : request.TimeToLive(),
            category?.Guarantee == Guarantee.AtMostOnce
        );

    private static Channel[] ChannelsOf(IReadOnlyList<string> names)
    {
        var channels = new Channel[names.Count];
        for (var i = 0; i < channels.Length; i++)
            channels[i] = ChannelNames.Parse(names[i]);
        return channels;
    }
}
