using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Sending.SelfChecks;

/// <summary>The notification of a self-check.</summary>
public static class SelfCheckRequest
{
    /// <summary>Null for a channel that has no recipient.</summary>
    public static NotificationRequest? For(Channel channel, SelfCheckOptions options)
    {
        var dry = channel == Channel.Push && options is { DryRun: true, PushPlatform: "fcm" };
        return RecipientOf(channel, options) is not { } recipient
            ? null
            : new()
            {
                Recipients = [recipient],
                Channels = [channel.ToName()],
                Category = dry ? SelfCheckNotification.DryRunCategory : SelfCheckNotification.Category,
                Message = new() { Title = "Notify self-check", Body = "Notify checks that messages get here. There is nothing to do." },
                Ttl = (long)Math.Ceiling(options.Timeout.TotalSeconds),
            };
    }

    private static RecipientTarget? RecipientOf(Channel channel, SelfCheckOptions options) =>
        channel switch
        {
            Channel.Push => string.IsNullOrEmpty(options.PushToken)
                ? null
                : new()
                {
                    Push = new() { Token = options.PushToken, Platform = options.PushPlatform },
                },
            Channel.Email => string.IsNullOrEmpty(options.Email) ? null : new() { Email = options.Email },
            Channel.Sms => string.IsNullOrEmpty(options.Phone) ? null : new() { Phone = options.Phone },
            _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, null),
        };
}
