using NodaTime;

namespace Notify.Core.Preferences;

/// <summary>What a tenant says for all its people.</summary>
/// <param name="Zone">The zone of those whose own is not known; null where the tenant has named none yet.</param>
/// <param name="Channels">Yes or no to channels, for those who have said nothing more specific.</param>
/// <param name="IsStrict">Whether a notification must name a category that exists, if it names one.</param>
public sealed record TenantConsent(DateTimeZone? Zone, ChannelChoices Channels, bool IsStrict)
{
    /// <summary>Of a tenant that has said nothing.</summary>
    public static TenantConsent None { get; } = new(null, ChannelChoices.None, false);
}
