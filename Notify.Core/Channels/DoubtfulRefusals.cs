namespace Notify.Core.Channels;

/// <summary>
/// The codes with which push providers refuse a token that something else than its end may have made wrong (<see cref="TokenDoubt"/>): what
/// was disabled for one of them can be restored.
/// </summary>
public static class DoubtfulRefusals
{
    /// <summary>The codes by provider, which is also the platform of the devices.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ByProvider { get; } =
        new Dictionary<string, IReadOnlyList<string>>
        {
            ["fcm"] = ["INVALID_ARGUMENT", "SENDER_ID_MISMATCH", "UNREGISTERED"],
            ["apns"] = ["BadDeviceToken", "DeviceTokenNotForTopic", "ExpiredToken", "HTTP 410", "Unregistered"],
        };
}
