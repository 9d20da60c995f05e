namespace Notify.Core.Notifications;

/// <summary>An inline push address.</summary>
public sealed class PushTarget
{
    public string? Token { get; init; }

    /// <summary>fcm or apns.</summary>
    public string? Platform { get; init; }

    /// <summary>The app the token belongs to (APNs topic); the configured default when left out.</summary>
    public string? App { get; init; }

    /// <summary>production (default) or sandbox.</summary>
    public string? Environment { get; init; }
}
