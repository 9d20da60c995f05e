using Notify.Core.Notifications;

namespace Notify.Core.Channels;

/// <summary>What one delivery says, settled by the Router for its channel.</summary>
/// <remarks>Its members can be set, as those of <see cref="Deliveries.DeliveryRecord"/>: it is read as often.</remarks>
public sealed class DeliveryContent
{
    public string? Title { get; set; }

    public string? Body { get; set; }

    public string? Html { get; set; }

    public IReadOnlyDictionary<string, string>? Data { get; set; }

    public static DeliveryContent For(Channel channel, NotificationRequest request) => ChannelDefinition.Of(channel).ContentOf(request);
}
