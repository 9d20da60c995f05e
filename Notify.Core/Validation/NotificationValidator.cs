using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Core.Validation;

/// <summary>Holds a request to its rules. Pure; collects everything that is wrong rather than the first thing.</summary>
public static class NotificationValidator
{
    private const int MaxErrors = 20;

    public static IReadOnlyList<FieldError> Validate(NotificationRequest request)
    {
        var errors = new List<FieldError>(); // takes no room before there is one
        CheckRecipients(request, errors);
        CheckTerms(request, errors);
        var channels = CheckChannels(request, errors);
        for (var i = 0; i < channels.Count; i++)
            ChannelDefinition.Of(channels[i]).CheckPayload(request, errors);
        CheckContent(request, channels, errors);
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
            CheckRecipient(recipients[i], i, errors);
    }

    private static void CheckRecipient(RecipientTarget? target, int index, List<FieldError> errors)
    {
        if (IsUsual(target))
            return;
        var field = $"recipients[{index}]";
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

    /// <summary>Whether nothing is wrong with somebody who is named by an id or a mail address alone: no place has to be named then.</summary>
    private static bool IsUsual(RecipientTarget? target) =>
        target switch
        {
            { Id: { } id, HasAddress: false } => Addresses.IsRecipientId(id),
            { Id: null, Email: { } email, Phone: null, Push: null } => Addresses.IsEmail(email),
            _ => false,
        };

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
        if (targets.Count == 0 || targets.Exists(target => !target.IsInline))
            return ChannelNames.All;
        return [.. ChannelDefinition.All.Where(definition => targets.Exists(definition.Reaches)).Select(definition => definition.Channel)];
    }

    private static void CheckContent(NotificationRequest request, IReadOnlyList<Channel> channels, List<FieldError> errors)
    {
        if (request.Message is not { } message)
        {
            errors.Add(new("message", "required", "Say something: message.body at least."));
            return;
        }
        for (var i = 0; i < channels.Count; i++)
            ChannelDefinition.Of(channels[i]).CheckContent(request, message, errors);
        ChannelDefinition.CheckText("message.title", message.Title, errors);
        ChannelDefinition.CheckText("message.body", message.Body, errors);
        for (var i = 0; i < ChannelDefinition.All.Count; i++)
            ChannelDefinition.All[i].CheckCharacters(message, errors);
    }
}
