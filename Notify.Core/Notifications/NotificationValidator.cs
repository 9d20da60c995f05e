using System.Text.Json;
using Notify.Core.Channels;

namespace Notify.Core.Notifications;

/// <summary>Holds a request to its rules. Pure; collects everything that is wrong rather than the first thing.</summary>
public static class NotificationValidator
{
    private const int MaxErrors = 20;

    public static IReadOnlyList<FieldError> Validate(NotificationRequest request)
    {
        var errors = new List<FieldError>();
        CheckRecipients(request, errors);
        CheckTerms(request, errors);
        var channels = CheckChannels(request, errors);
        CheckPayload(request, channels, errors);
        ContentRules.Check(request, channels, errors);
        return errors.Count > MaxErrors ? errors[..MaxErrors] : errors;
    }

    private static void CheckRecipients(NotificationRequest request, List<FieldError> errors)
    {
        if (request.Recipients is not { Count: > 0 } recipients)
        {
            errors.Add(new("recipients", "required", "Name at least one recipient: an id, or an object with addresses."));
            return;
        }
        if (recipients.Count > NotificationLimits.Recipients)
            errors.Add(
                new(
                    "recipients",
                    "too_many",
                    $"At most {NotificationLimits.Recipients} recipients a notification; split larger audiences over several."
                )
            );
        for (var i = 0; i < recipients.Count && errors.Count <= MaxErrors; i++)
            CheckRecipient(recipients[i], $"recipients[{i}]", errors);
    }

    private static void CheckRecipient(RecipientTarget? target, string field, List<FieldError> errors)
    {
        if (target is null)
        {
            errors.Add(new(field, "required", "A recipient is an id or an object with addresses, not null."));
            return;
        }
        if (target.Id is not null)
        {
            if (target.HasAddress)
                errors.Add(new(field, "ambiguous", "Give an id or inline addresses, not both."));
            if (!Addresses.IsRecipientId(target.Id))
                errors.Add(
                    new(
                        field + ".id",
                        "invalid",
                        $"An id has 1 to {NotificationLimits.RecipientIdLength} characters and no control characters."
                    )
                );
            return;
        }
        if (!target.HasAddress)
            errors.Add(new(field, "required", "Give an id, or at least one of email, phone and push."));
        if (target.Email is not null && !Addresses.IsEmail(target.Email))
            errors.Add(new(field + ".email", "invalid", "Not a mail address; expected a form such as name@example.com."));
        if (target.Phone is not null && !Addresses.IsPhone(target.Phone))
            errors.Add(new(field + ".phone", "invalid", "Not a phone number in E.164; expected a form such as +15005550006."));
        if (target.Push is { } push)
            CheckPush(push, field + ".push", errors);
    }

    private static void CheckPush(PushTarget push, string field, List<FieldError> errors)
    {
        if (!Addresses.IsToken(push.Token))
            errors.Add(new(field + ".token", "invalid", $"A token has 1 to {NotificationLimits.TokenLength} visible ASCII characters."));
        if (!Addresses.IsPlatform(push.Platform))
            errors.Add(new(field + ".platform", "unknown", "One of: fcm, apns."));
        if (push.App is not null && !Addresses.IsApp(push.App))
            errors.Add(new(field + ".app", "invalid", "An app has 1 to 256 characters and no control characters."));
        if (push.Environment is not null && !Addresses.IsEnvironment(push.Environment))
            errors.Add(new(field + ".environment", "unknown", "One of: production, sandbox."));
    }

    private static void CheckTerms(NotificationRequest request, List<FieldError> errors)
    {
        if (request.Type is { } type && !NotificationTypes.All.Contains(type))
            errors.Add(new("type", "unknown", $"One of: {string.Join(", ", NotificationTypes.All)}."));
        if (request.Priority is { } priority && !Priorities.All.Contains(priority))
            errors.Add(new("priority", "unknown", $"One of: {string.Join(", ", Priorities.All)}."));
        if (request is { Priority: Priorities.Critical, Type: NotificationTypes.Marketing })
            errors.Add(new("priority", "not_allowed", "Marketing is never critical: use another priority."));
        if (request.Category is { } category && !IsCategory(category))
            errors.Add(new("category", "invalid", $"1 to {NotificationLimits.CategoryLength} of a-z, 0-9, dot, underscore and hyphen."));
        if (request.Ttl is < 1 or > NotificationLimits.MaxTimeToLiveSeconds)
            errors.Add(new("ttl", "out_of_range", $"Whole seconds from 1 to {NotificationLimits.MaxTimeToLiveSeconds} (four weeks)."));
        if (request.DeduplicationKey is { } key && !IsKey(key, NotificationLimits.DeduplicationKeyLength))
            errors.Add(new("deduplicationKey", "invalid", $"1 to {NotificationLimits.DeduplicationKeyLength} visible ASCII characters."));
    }

    /// <summary>A key from a client: visible ASCII, bounded.</summary>
    public static bool IsKey(string key, int maxLength) =>
        key.Length > 0 && key.Length <= maxLength && !key.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static bool IsCategory(string category) =>
        category.Length is > 0 and <= NotificationLimits.CategoryLength
        && category.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '.' or '_' or '-');

    private static IReadOnlyList<Channel> CheckChannels(NotificationRequest request, List<FieldError> errors)
    {
        if (request.Channels is null)
            return ImpliedChannels(request);
        if (request.Channels.Count == 0)
            errors.Add(new("channels", "required", "Name at least one channel, or leave the field out for every channel."));
        var channels = new List<Channel>();
        for (var i = 0; i < request.Channels.Count; i++)
        {
            if (!ChannelNames.TryParse(request.Channels[i], out var channel))
                errors.Add(new($"channels[{i}]", "unknown", $"One of: {string.Join(", ", ChannelNames.All.Select(c => c.ToName()))}."));
            else if (channels.Contains(channel))
                errors.Add(new($"channels[{i}]", "repeated", "Name each channel once."));
            else
                channels.Add(channel);
            if (errors.Count > MaxErrors)
                break;
        }
        return channels;
    }

    /// <summary>Without a choice: every channel where somebody is named by id, else those that the inline addresses belong to.</summary>
    private static IReadOnlyList<Channel> ImpliedChannels(NotificationRequest request)
    {
        var targets = (request.Recipients ?? []).Where(target => target is not null).ToList();
        if (targets.Count == 0 || targets.Any(target => !target.IsInline))
            return ChannelNames.All;
        return
        [
            .. ChannelNames.All.Where(channel =>
                targets.Any(target =>
                    channel switch
                    {
                        Channel.Push => target.Push is not null,
                        Channel.Email => target.Email is not null,
                        Channel.Sms => target.Phone is not null,
                        _ => throw new ArgumentOutOfRangeException(nameof(request), channel, null),
                    }
                )
            ),
        ];
    }

    private static void CheckPayload(NotificationRequest request, IReadOnlyList<Channel> channels, List<FieldError> errors)
    {
        if (request.Payload is null || !channels.Contains(Channel.Push))
            return;
        // A phone would silently get nothing under these keys: FCM's client library takes them out of what it hands to the app
        // (firebase-messaging, Constants.MessagePayloadKeys; "About FCM messages", data messages). "aps" is Apple's own part;
        // notify-delivery-id is added by the push worker.
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
