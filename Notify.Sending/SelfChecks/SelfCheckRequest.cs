using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Sending.SelfChecks;

/// <summary>The notification of a self-check.</summary>
public static class SelfCheckRequest
{
    /// <summary>Null for a channel that has no recipient.</summary>
    public static NotificationRequest? For(Channel channel, SelfCheckOptions options)
    {
        var (definition, named) = (ChannelDefinition.Of(channel), NamedBy(options));
        if (!definition.Reaches(named))
            return null;
        var dry = options.DryRun && definition.CanCheckDry(named);
        return new()
        {
            Recipients = [definition.PartOf(named)],
            Channels = [definition.Name],
            Category = dry ? SelfCheckNotification.DryRunCategory : SelfCheckNotification.Category,
            Message = new() { Title = "Notify self-check", Body = "Notify checks that messages get here. There is nothing to do." },
            Ttl = (long)Math.Ceiling(options.Timeout.TotalSeconds),
        };
    }

    /// <summary>Everybody whom the options name, on whatever channel.</summary>
    private static RecipientTarget NamedBy(SelfCheckOptions options) =>
        new()
        {
            Email = GivenOrNull(options.Email),
            Phone = GivenOrNull(options.Phone),
            Push = GivenOrNull(options.PushToken) is { } token ? new() { Token = token, Platform = options.PushPlatform } : null,
        };

    private static string? GivenOrNull(string? setting) => string.IsNullOrEmpty(setting) ? null : setting;
}
