namespace Notify.Core.Notifications;

/// <summary>Why a notification is sent. Consent rules depend on it.</summary>
public static class NotificationTypes
{
    public const string Transactional = "transactional";
    public const string Marketing = "marketing";
    public const string Alert = "alert";

    public static IReadOnlyList<string> All { get; } = [Transactional, Marketing, Alert];
}
