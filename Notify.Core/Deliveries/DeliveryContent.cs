using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Core.Deliveries;

/// <summary>What one delivery says, settled by the Router for its channel.</summary>
public sealed class DeliveryContent
{
    public string? Title { get; init; }

    public string? Body { get; init; }

    public string? Html { get; init; }

    public IReadOnlyDictionary<string, string>? Data { get; init; }

    public static DeliveryContent For(Channel channel, NotificationRequest request)
    {
        var message = request.Message ?? new MessageContent();
        return channel switch
        {
            Channel.Push => new()
            {
                Title = message.Push?.Title ?? message.Title,
                Body = message.Push?.Body ?? message.Body,
                Data = request.Payload?.ToDictionary(pair => pair.Key, pair => PayloadText.Of(pair.Value)),
            },
            Channel.Email => new()
            {
                Title = message.Email?.Subject ?? message.Title,
                Body = message.Email?.Text ?? message.Body,
                Html = message.Email?.Html,
            },
            Channel.Sms => new() { Body = message.Sms?.Body ?? message.Body },
            _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, null),
        };
    }
}
