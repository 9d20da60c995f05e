using System.Text.Json;
using System.Text.Json.Serialization;
using Notify.Core.Notifications;
using Notify.Core.Recipients;

namespace Notify.Core.Channels;

/// <summary>Push notifications to a person's devices, each of which is an address.</summary>
internal sealed class PushChannel() : ChannelDefinition(Channel.Push, "push")
{
    private const int ShownAlone = 12; // a token no longer than this is not shown at all: its end would be half of it
    private const int ShownEnd = 6;
    private static readonly Dictionary<string, JsonElement> s_noPayload = [];

    /// <summary>Providers slow down a device that gets very many, and our limits keep below theirs.</summary>
    public override bool LimitsAddresses => true;

    public override string SelfCheckSetting => "PushToken";

    public override bool Reaches(RecipientTarget target) => target.Push is not null;

    public override RecipientTarget PartOf(RecipientTarget target) => new() { Push = target.Push };

    public override IEnumerable<ChannelAddress> AddressesOf(Profile profile) =>
        profile.Devices.Select(device => new ChannelAddress(device.Token, InfoOf(device)));

    public override string? AddressOf(string text) => Addresses.IsToken(text) ? text : null;

    public override string ExpectedAddress => $"A token has 1 to {NotificationLimits.TokenLength} visible ASCII characters.";

    // Its index begins with tenant and platform, of which there are two.
    public override string OwnersSql =>
        """
            SELECT recipient_id FROM devices
             WHERE tenant_id = @tenant AND platform IN ('fcm', 'apns') AND token_hash = sha256(convert_to(@address, 'UTF8')) AND token IN (@address, @given)
            """;

    /// <summary>FCM takes a message for validation alone. APNs has no such thing: its device would get every message.</summary>
    public override bool CanCheckDry(RecipientTarget target) => target.Push is { Platform: "fcm" };

    /// <summary>
    /// A phone would silently get nothing under some keys: FCM's client library takes them out of what it hands to the app
    /// (firebase-messaging, Constants.MessagePayloadKeys; "About FCM messages", data messages). "aps" is Apple's own part;
    /// notify-delivery-id is added by the push worker.
    /// </summary>
    public override void CheckPayload(NotificationRequest request, List<FieldError> errors)
    {
        if (request.Payload is null)
            return;
        foreach (var (key, value) in request.Payload)
        {
            if (!IsText(value))
                errors.Add(
                    new(
                        $"payload.{key}",
                        "invalid",
                        "The text has half of a surrogate pair (\\uD800 to \\uDFFF), which is no character, or U+0000, which cannot be shown."
                    )
                );
            if (IsReserved(key))
                errors.Add(
                    new(
                        $"payload.{key}",
                        "reserved",
                        "Push providers reserve the keys from, message_type, collapse_key, aps and everything that starts with google or gcm; notify-delivery-id is ours."
                    )
                );
        }
    }

    public override void CheckContent(NotificationRequest request, MessageContent message, List<FieldError> errors)
    {
        var body = message.Push?.Body ?? message.Body;
        if (string.IsNullOrEmpty(body))
        {
            AddOnce(errors, new("message.body", "required", "Push needs a body: message.body or message.push.body."));
            return;
        }
        if (errors.Exists(error => error.Field.StartsWith("payload", StringComparison.Ordinal)))
            return; // a payload that has no text has no length either
        var bytes = PushSize.Of(
            message.Push?.Title ?? message.Title,
            body,
            (request.Payload ?? s_noPayload).Select(pair => KeyValuePair.Create(pair.Key, TextOf(pair.Value)))
        );
        if (bytes > PushSize.MaxBytes)
            errors.Add(
                new(
                    message.Push?.Body is null ? "message.body" : "message.push.body",
                    "too_long",
                    $"Push carries at most {PushSize.MaxBytes:N0} bytes of title, body and payload together, as JSON (providers take 4,096 in all); these are {bytes:N0}. Shorten them, or give push a shorter message.push.body."
                )
            );
    }

    public override void CheckCharacters(MessageContent message, List<FieldError> errors)
    {
        CheckText("message.push.title", message.Push?.Title, errors);
        CheckText("message.push.body", message.Push?.Body, errors);
    }

    public override DeliveryContent ContentOf(NotificationRequest request) =>
        new()
        {
            Title = request.Message?.Push?.Title ?? request.Message?.Title,
            Body = request.Message?.Push?.Body ?? request.Message?.Body,
            Data = request.Payload?.ToDictionary(pair => pair.Key, pair => TextOf(pair.Value)),
        };

    public override bool IsComplete(DeviceInfo? device) => device is { Platform: not null, Environment: not null };

    /// <summary>A token is a credential of the device: only its end is shown.</summary>
    public override string Shown(string address) => address.Length > ShownAlone ? "…" + address[^ShownEnd..] : "…";

    private static DeviceInfo InfoOf(ProfileDevice device) =>
        new()
        {
            DeviceId = device.DeviceId.Length == 0 ? null : device.DeviceId,
            Platform = device.Platform,
            App = device.App,
            Environment = device.Environment,
            RegisteredAt = device.RegisteredAt == default ? null : device.RegisteredAt,
        };

    /// <summary>
    /// A payload's value as it travels, since providers hand apps strings only: a string's own text, and of any other value its JSON as it
    /// was written. A string that has half of a surrogate pair throws; the door has refused it.
    /// </summary>
    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static bool IsReserved(string key) =>
        key is "" or "from" or "message_type" or "collapse_key" or "aps" or "notify-delivery-id"
        || key.StartsWith("google", StringComparison.Ordinal)
        || key.StartsWith("gcm", StringComparison.Ordinal);

    /// <summary>Whether a value that travels as a string is one: escapes are looked into only when the string is asked for.</summary>
    private static bool IsText(JsonElement value)
    {
        try
        {
            return value.ValueKind != JsonValueKind.String || !value.GetString()!.Contains('\0', StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}

/// <summary>What push providers need to know of a device beside its token.</summary>
/// <remarks>Its members can be set, as those of <see cref="Deliveries.DeliveryRecord"/>: it is read as often.</remarks>
public sealed class DeviceInfo
{
    public string? DeviceId { get; set; }

    [JsonRequired]
    public string Platform { get; set; } = null!;

    public string? App { get; set; }

    [JsonRequired]
    public string Environment { get; set; } = null!;

    public DateTimeOffset? RegisteredAt { get; set; }
}
