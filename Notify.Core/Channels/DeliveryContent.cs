using Notify.Core.Notifications;

namespace Notify.Core.Channels;

/// <summary>What one delivery says, settled by the Router for its channel.</summary>
public sealed class DeliveryContent
{
    public string? Title { get; init; }

    public string? Body { get; init; }

    public string? Html { get; init; }

    public IReadOnlyDictionary<string, string>? Data { get; init; }

    public static DeliveryContent For(Channel channel, NotificationRequest request) => ChannelDefinition.Of(channel).ContentOf(request);
}
