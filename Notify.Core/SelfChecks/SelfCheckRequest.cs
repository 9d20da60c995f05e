using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Core.SelfChecks;

/// <summary>The notification of a self-check, and what sets it apart from everybody else's.</summary>
public static class SelfCheckRequest
{
    /// <summary>A tenant of its own, so that no other one's numbers and lists show it.</summary>
    public const string Tenant = "notify-self-check";

    public const string Category = "self-check";
    public const string DryRunCategory = "self-check.dry-run";

    /// <summary>Null for a channel that has no recipient.</summary>
    public static NotificationRequest? For(Channel channel, SelfCheckOptions options)
    {
        var dry = channel == Channel.Push && options is { DryRun: true, PushPlatform: "fcm" };
        return RecipientOf(channel, options) is not { } recipient ? null : new()
        {
            Recipients = [recipient],
            Channels = [channel.ToName()],
            Category = dry ? DryRunCategory : Category,
            Message = new() { Title = "Notify self-check", Body = "Notify checks that messages get here. There is nothing to do." },
            Ttl = (long)Math.Ceiling(options.Timeout.TotalSeconds),
        };
    }

    /// <summary>Whether a provider is only to check the message: what this tenant may ask for, and no other, whose message would silently go nowhere.</summary>
    public static bool IsDryRun(string tenant, NotificationRequest request) => tenant == Tenant && request.Category == DryRunCategory;

    private static RecipientTarget? RecipientOf(Channel channel, SelfCheckOptions options) => channel switch
    {
        Channel.Push => string.IsNullOrEmpty(options.PushToken) ? null : new() { Push = new() { Token = options.PushToken, Platform = options.PushPlatform } },
        Channel.Email => string.IsNullOrEmpty(options.Email) ? null : new() { Email = options.Email },
        Channel.Sms => string.IsNullOrEmpty(options.Phone) ? null : new() { Phone = options.Phone },
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, null),
    };
}
