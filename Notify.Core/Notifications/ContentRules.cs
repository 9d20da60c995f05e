using System.Text.Json;
using Notify.Core.Channels;

namespace Notify.Core.Notifications;

/// <summary>What each channel can carry. Sources: <see cref="NotificationLimits"/>.</summary>
internal static class ContentRules
{
    private static readonly Dictionary<string, JsonElement> NoPayload = [];

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
                case Channel.Push:
                    CheckPush(request, message, errors);
                    break;
                case Channel.Email:
                    CheckEmail(message, errors);
                    break;
                case Channel.Sms:
                    CheckSms(message, errors);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(channels), channel, null);
            }
        }
        CheckCharacters(message, errors);
    }

    /// <summary>U+0000 ends a text for many who read it, and no mail or text message may hold it.</summary>
    private static void CheckCharacters(MessageContent message, List<FieldError> errors)
    {
        foreach (
            var (field, text) in (ReadOnlySpan<(string, string?)>)
                [
                    ("message.title", message.Title),
                    ("message.body", message.Body),
                    ("message.push.title", message.Push?.Title),
                    ("message.push.body", message.Push?.Body),
                    ("message.email.subject", message.Email?.Subject),
                    ("message.email.text", message.Email?.Text),
                    ("message.email.html", message.Email?.Html),
                    ("message.sms.body", message.Sms?.Body),
                ]
        )
        {
            if (text is not null && text.Contains('\0', StringComparison.Ordinal))
                AddOnce(errors, new(field, "invalid", "The character U+0000 can be neither stored nor shown."));
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
        if (errors.Exists(error => error.Field.StartsWith("payload", StringComparison.Ordinal)))
            return; // what has no text has no length
        var bytes = PushSize.Of(
            message.Push?.Title ?? message.Title,
            body,
            (request.Payload ?? NoPayload).Select(pair => KeyValuePair.Create(pair.Key, PayloadText.Of(pair.Value)))
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

    private static void CheckEmail(MessageContent message, List<FieldError> errors)
    {
        if (string.IsNullOrEmpty(message.Email?.Text ?? message.Body) && string.IsNullOrEmpty(message.Email?.Html))
            AddOnce(
                errors,
                new("message.body", "required", "A mail needs a body: message.body, message.email.text or message.email.html.")
            );
        var (field, subject) = message.Email?.Subject is { } own ? ("message.email.subject", own) : ("message.title", message.Title);
        if (string.IsNullOrEmpty(subject))
            errors.Add(new(field, "required", "A mail needs a subject: message.title or message.email.subject."));
        else if (subject.Length > NotificationLimits.SubjectCharacters)
            errors.Add(
                new(
                    field,
                    "too_long",
                    $"A mail's subject has at most {NotificationLimits.SubjectCharacters} characters; this has {subject.Length}."
                )
            );
        else if (subject.AsSpan().ContainsAny('\r', '\n', '\0'))
            errors.Add(new(field, "invalid", "A mail's subject is one line: no line breaks."));
    }

    private static void CheckSms(MessageContent message, List<FieldError> errors)
    {
        var (field, body) = message.Sms?.Body is { } own ? ("message.sms.body", own) : ("message.body", message.Body);
        if (string.IsNullOrEmpty(body))
            AddOnce(errors, new(field, "required", "A text message needs a body: message.body or message.sms.body."));
        else if (body.Length > NotificationLimits.SmsCharacters)
            errors.Add(
                new(
                    field,
                    "too_long",
                    $"A text message has at most {NotificationLimits.SmsCharacters} characters; this has {body.Length}. Shorten it, give message.sms.body, or leave sms out of channels."
                )
            );
    }

    private static void AddOnce(List<FieldError> errors, FieldError error)
    {
        if (!errors.Any(known => known.Field == error.Field && known.Rule == error.Rule))
            errors.Add(error);
    }
}
