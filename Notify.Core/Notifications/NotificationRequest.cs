using System.Text.Json;

namespace Notify.Core.Notifications;

/// <summary>What a producer asks for: the body of <c>POST /v1/notifications</c> and the value of a record on
/// <c>notifications.{lane}</c>.</summary>
public sealed class NotificationRequest
{
    /// <summary>Who gets it: 1 to 500 of the tenant's recipient ids, or inline addresses.</summary>
    public IReadOnlyList<RecipientTarget>? Recipients { get; init; }

    /// <summary>Through which channels; every channel the recipient has an address for when left out.</summary>
    public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>transactional (default), marketing or alert.</summary>
    public string? Type { get; init; }

    /// <summary>The tenant's own grouping, such as <c>orders</c>; 1 to 64 of <c>a-z 0-9 . _ -</c>.</summary>
    public string? Category { get; init; }

    /// <summary>critical, high, normal (default) or low.</summary>
    public string? Priority { get; init; }

    public MessageContent? Message { get; init; }

    /// <summary>Handed to the app with a push; values that are no strings travel as their JSON text.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Payload { get; init; }

    /// <summary>Seconds after accept at which undelivered messages expire: 1 to 2,419,200 (four weeks, FCM's and the longest provider's
    /// limit); three days when left out.</summary>
    public long? Ttl { get; init; }

    /// <summary>A second notification of the tenant with the same key within 24 hours is recorded and not sent; 1 to 255 visible ASCII
    /// characters.</summary>
    public string? DeduplicationKey { get; init; }

    public string EffectiveType() => Type ?? NotificationTypes.Transactional;

    public string EffectivePriority() => Priority ?? Priorities.Normal;

    public Lane Lane() => LaneNames.Of(EffectivePriority(), EffectiveType());

    public TimeSpan TimeToLive() => Ttl is { } seconds ? TimeSpan.FromSeconds(seconds) : NotificationLimits.DefaultTimeToLive;
}

/// <summary>Why a notification is sent. Consent rules depend on it.</summary>
public static class NotificationTypes
{
    public const string Transactional = "transactional";
    public const string Marketing = "marketing";
    public const string Alert = "alert";

    public static IReadOnlyList<string> All { get; } = [Transactional, Marketing, Alert];
}

/// <summary>How urgent a notification is. Decides its lane and whether a push wakes the device.</summary>
public static class Priorities
{
    public const string Critical = "critical";
    public const string High = "high";
    public const string Normal = "normal";
    public const string Low = "low";

    public static IReadOnlyList<string> All { get; } = [Critical, High, Normal, Low];
}
