namespace Notify.Core.Notifications;

/// <summary>What sets the notification of a self-check apart from everybody else's.</summary>
public static class SelfCheckNotification
{
    /// <summary>A tenant of its own, so that no other one's numbers and lists show it.</summary>
    public const string Tenant = "notify-self-check";

    public const string Category = "self-check";
    public const string DryRunCategory = "self-check.dry-run";

    /// <summary>Whether a provider is only to check the message: what this tenant may ask for, and no other, whose message would silently
    /// go nowhere.</summary>
    public static bool IsDryRun(string tenant, NotificationRequest request) => tenant == Tenant && request.Category == DryRunCategory;
}
