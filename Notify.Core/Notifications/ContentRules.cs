using Notify.Core.Channels;

namespace Notify.Core.Notifications;

/// <summary>What each channel can carry. Sources: <see cref="NotificationLimits"/>.</summary>
internal static class ContentRules
{
    public static void Check(NotificationRequest request, IReadOnlyList<Channel> channels, List<FieldError> errors)
    {
        if (request.Message is not { } message)
        {
            errors.Add(new("message", "required", "Say something: message.body at least."));
            return;
        }
        foreach (var channel in channels)
        {
            switch (channel)
            {
                case Channel.Push: CheckPush(request, message, errors); break;
                case Channel.Email: CheckEmail(message, errors); break;
                case Channel.Sms: CheckSms(message, errors); break;
                default: throw new ArgumentOutOfRangeException(nameof(channels), channel, null);
            }
        }
    }

    private static void CheckPush(NotificationRequest request, MessageContent message, List<FieldError> errors)
    {
        var body = message.Push?.Body ?? message.Body;
        if (string.IsNullOrEmpty(body))
        {
            AddOnce(errors, new("message.body", "required", "Push needs a body: message.body or message.push.body."));
            return;
        }
        var bytes = NotificationValidator.Utf8Length(message.Push?.Title ?? message.Title) + NotificationValidator.Utf8Length(body)
            + (request.Payload?.Sum(pair => NotificationValidator.Utf8Length(pair.Key) + NotificationValidator.Utf8Length(pair.Value.GetRawText()) + 6) ?? 0);
        if (bytes > NotificationLimits.PushBytes)
            errors.Add(new(
                message.Push?.Body is null ? "message.body" : "message.push.body",
                "too_long",
                $"Push carries at most {NotificationLimits.PushBytes} bytes of title, body and payload together (providers take 4,096 in all); these are {bytes}. Shorten them, or give push a shorter message.push.body."));
    }

    private static void CheckEmail(MessageContent message, List<FieldError> errors)
    {
        if (string.IsNullOrEmpty(message.Email?.Text ?? message.Body) && string.IsNullOrEmpty(message.Email?.Html))
            AddOnce(errors, new("message.body", "required", "A mail needs a body: message.body, message.email.text or message.email.html."));
        var (field, subject) = message.Email?.Subject is { } own ? ("message.email.subject", own) : ("message.title", message.Title);
        if (string.IsNullOrEmpty(subject))
            errors.Add(new(field, "required", "A mail needs a subject: message.title or message.email.subject."));
        else if (subject.Length > NotificationLimits.SubjectCharacters)
            errors.Add(new(field, "too_long", $"A mail's subject has at most {NotificationLimits.SubjectCharacters} characters; this has {subject.Length}."));
        else if (subject.AsSpan().ContainsAny('\r', '\n', '\0'))
            errors.Add(new(field, "invalid", "A mail's subject is one line: no line breaks."));
    }

    private static void CheckSms(MessageContent message, List<FieldError> errors)
    {
        var (field, body) = message.Sms?.Body is { } own ? ("message.sms.body", own) : ("message.body", message.Body);
        if (string.IsNullOrEmpty(body))
            AddOnce(errors, new(field, "required", "A text message needs a body: message.body or message.sms.body."));
        else if (body.Length > NotificationLimits.SmsCharacters)
            errors.Add(new(field, "too_long", $"A text message has at most {NotificationLimits.SmsCharacters} characters; this has {body.Length}. Shorten it, give message.sms.body, or leave sms out of channels."));
    }

    private static void AddOnce(List<FieldError> errors, FieldError error)
    {
        if (!errors.Any(known => known.Field == error.Field && known.Rule == error.Rule))
            errors.Add(error);
    }
}
