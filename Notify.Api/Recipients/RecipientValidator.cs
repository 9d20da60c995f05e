using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Notify.Core.Notifications;
using Notify.Core.Time;

namespace Notify.Api.Recipients;

/// <summary>Holds recipients and devices to their rules. Pure.</summary>
internal static partial class RecipientValidator
{
    private const int MaxLocaleLength = 35; // RFC 5646 §4.4.1, and the column's length
    private const int MaxAttributeBytes = 16 * 1024;

    public static IReadOnlyList<FieldError> Validate(string id, RecipientRequest request)
    {
        var errors = new List<FieldError>();
        CheckId("id", id, errors);
        if (request.Email is not null && !Addresses.IsEmail(request.Email))
            errors.Add(new("email", "invalid", "Not a mail address; expected a form such as name@example.com."));
        if (request.Phone is not null && !Addresses.IsPhone(request.Phone))
            errors.Add(new("phone", "invalid", "Not a phone number in E.164; expected a form such as +15005550006."));
        if (request.Locale is not null && (request.Locale.Length > MaxLocaleLength || !LanguageTag().IsMatch(request.Locale)))
            errors.Add(new("locale", "invalid", "Not a language tag; expected a form such as en or de-CH."));
        CheckZone(request.TimeZone, errors);
        if (request.Attributes is { } attributes)
            CheckAttributes(attributes, errors);
        return errors;
    }

    public static IReadOnlyList<FieldError> Validate(string recipientId, string deviceId, DeviceRequest request)
    {
        var errors = new List<FieldError>();
        CheckId("id", recipientId, errors);
        CheckId("deviceId", deviceId, errors);
        if (!Addresses.IsToken(request.Token))
            errors.Add(
                new(
                    "token",
                    request.Token is null ? "required" : "invalid",
                    $"A token has 1 to {NotificationLimits.TokenLength} visible ASCII characters."
                )
            );
        if (!Addresses.IsPlatform(request.Platform))
            errors.Add(new("platform", request.Platform is null ? "required" : "unknown", "One of: fcm, apns."));
        if (request.App is not null && !Addresses.IsApp(request.App))
            errors.Add(new("app", "invalid", "An app has 1 to 256 characters and no control characters."));
        if (request.Environment is not null && !Addresses.IsEnvironment(request.Environment))
            errors.Add(new("environment", "unknown", "One of: production, sandbox."));
        CheckZone(request.TimeZone, errors);
        return errors;
    }

    /// <summary>The name under which a zone is kept: old ones are resolved.</summary>
    public static string? ZoneOf(string? name) => name is null ? null : Zones.Get(name).Id;

    private static void CheckZone(string? name, List<FieldError> errors)
    {
        if (name is not null && !Zones.TryParse(name, out _, out var refusal))
            errors.Add(new("timeZone", refusal.Rule, refusal.Message));
    }

    private static void CheckId(string field, string id, List<FieldError> errors)
    {
        if (!Addresses.IsRecipientId(id))
            errors.Add(
                new(field, "invalid", $"An id has 1 to {NotificationLimits.RecipientIdLength} characters and no control characters.")
            );
    }

    private static void CheckAttributes(JsonElement attributes, List<FieldError> errors)
    {
        if (attributes.ValueKind != JsonValueKind.Object)
            errors.Add(new("attributes", "wrong_type", "Expected a JSON object."));
        else if (Encoding.UTF8.GetByteCount(attributes.GetRawText()) > MaxAttributeBytes)
            errors.Add(new("attributes", "too_long", $"At most {MaxAttributeBytes:N0} bytes."));
        else if (!KeptJson.HasOnlyText(attributes))
            errors.Add(
                new("attributes", "invalid", "The character U+0000 and half of a surrogate pair (\\uD800 to \\uDFFF) cannot be stored.")
            );
        else if (KeptJson.BytesOf(attributes) > MaxAttributeBytes)
            errors.Add(
                new(
                    "attributes",
                    "too_long",
                    $"At most {MaxAttributeBytes:N0} bytes with every number written out: 1e100 is kept as 101 digits."
                )
            );
    }

    [GeneratedRegex(@"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,5}\z")]
    private static partial Regex LanguageTag();
}
