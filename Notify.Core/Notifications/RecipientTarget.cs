using System.Text.Json.Serialization;

namespace Notify.Core.Notifications;

/// <summary>One entry of <c>recipients</c>: a recipient id (a bare string or <c>{"id": …}</c>), or inline addresses of somebody who is not
/// registered.</summary>
[JsonConverter(typeof(RecipientTargetConverter))]
public sealed class RecipientTarget
{
    public string? Id { get; init; }

    public string? Email { get; init; }

    /// <summary>E.164, such as +15005550006.</summary>
    public string? Phone { get; init; }

    public PushTarget? Push { get; init; }

    [JsonIgnore]
    public bool IsInline => Id is null;

    [JsonIgnore]
    public bool HasAddress => Email is not null || Phone is not null || Push is not null;

    /// <summary>What keeps one person's messages on one partition.</summary>
    public string OrderingKey() => Id ?? Email ?? Phone ?? Push?.Token ?? "";
}

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
