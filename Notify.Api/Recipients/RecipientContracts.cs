using System.Text.Json;
using Notify.Core.Data;

namespace Notify.Api.Recipients;

/// <summary>The body of <c>PUT /v1/recipients/{id}</c>: the whole recipient; what is left out is removed.</summary>
internal sealed class RecipientRequest
{
    public string? Email { get; init; }

    /// <summary>E.164.</summary>
    public string? Phone { get; init; }

    /// <summary>A BCP 47 language tag, such as de-CH.</summary>
    public string? Locale { get; init; }

    /// <summary>An IANA time zone id, such as Europe/Zurich.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The tenant's own facts about the person: a JSON object, at most 16 KB.</summary>
    public JsonElement? Attributes { get; init; }
}

/// <summary>The body of <c>PUT /v1/recipients/{id}/devices/{deviceId}</c>.</summary>
internal sealed class DeviceRequest
{
    public string? Token { get; init; }

    /// <summary>fcm or apns.</summary>
    public string? Platform { get; init; }

    /// <summary>The app the token belongs to (APNs topic); the configured default when left out.</summary>
    public string? App { get; init; }

    /// <summary>production (default) or sandbox.</summary>
    public string? Environment { get; init; }

    /// <summary>The IANA time zone that the device is in.</summary>
    public string? TimeZone { get; init; }
}

/// <summary>A recipient with its devices.</summary>
internal sealed record RecipientView(
    string Id,
    string? Email,
    string? Phone,
    string? Locale,
    string? TimeZone,
    JsonElement? Attributes,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<DeviceView> Devices
)
{
    public static RecipientView Of(Recipient recipient, IEnumerable<Device> devices) =>
        new(
            recipient.RecipientId,
            recipient.Email,
            recipient.Phone,
            recipient.Locale,
            recipient.TimeZone,
            recipient.Attributes is null ? null : JsonElement.Parse(recipient.Attributes),
            recipient.CreatedAt,
            recipient.UpdatedAt,
            [.. devices.Select(DeviceView.Of)]
        );
}

/// <summary>A device; its token is a credential and is not shown again.</summary>
internal sealed record DeviceView(
    string Id,
    string Platform,
    string? App,
    string Environment,
    string? TimeZone,
    string State,
    string? DisabledReason,
    DateTimeOffset? DisabledAt,
    DateTimeOffset RegisteredAt,
    DateTimeOffset LastSeenAt
)
{
    public static DeviceView Of(Device device) =>
        new(
            device.DeviceId,
            device.Platform,
            device.App,
            device.Environment,
            device.TimeZone,
            device.State,
            device.DisabledReason,
            device.DisabledAt,
            device.RegisteredAt,
            device.LastSeenAt
        );
}
