using System.Text.Json;

namespace Notify.Core.Notifications;

/// <summary>Reads an ordinary <c>message</c> for <see cref="NotificationReader"/>.</summary>
internal static class MessageReader
{
    private static readonly string[] s_fields = ["title", "body", "push", "email", "sms"];
    private static readonly string[] s_pushFields = ["title", "body"];
    private static readonly string[] s_emailFields = ["subject", "text", "html"];
    private static readonly string[] s_smsFields = ["body"];

    public static bool TryRead(ref Utf8JsonReader reader, out MessageContent? message)
    {
        message = null;
        if (reader.TokenType == JsonTokenType.Null)
            return true;
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        string? title = null;
        string? body = null;
        PushContent? push = null;
        EmailContent? email = null;
        SmsContent? sms = null;
        var seen = 0u;
        while (FieldReader.NextField(ref reader, s_fields, ref seen) is var field and not FieldReader.End)
        {
            var isUsual = field switch
            {
                0 => FieldReader.TryReadText(ref reader, out title),
                1 => FieldReader.TryReadText(ref reader, out body),
                2 => TryReadPush(ref reader, out push),
                3 => TryReadEmail(ref reader, out email),
                4 => TryReadSms(ref reader, out sms),
                _ => false,
            };
            if (!isUsual)
                return false;
        }
        message = new()
        {
            Title = title,
            Body = body,
            Push = push,
            Email = email,
            Sms = sms,
        };
        return true;
    }

    private static bool TryReadPush(ref Utf8JsonReader reader, out PushContent? push)
    {
        var isUsual = TryReadTexts(ref reader, s_pushFields, out var texts);
        push = texts is null ? null : new() { Title = texts[0], Body = texts[1] };
        return isUsual;
    }

    private static bool TryReadEmail(ref Utf8JsonReader reader, out EmailContent? email)
    {
        var isUsual = TryReadTexts(ref reader, s_emailFields, out var texts);
        email = texts is null
            ? null
            : new()
            {
                Subject = texts[0],
                Text = texts[1],
                Html = texts[2],
            };
        return isUsual;
    }

    private static bool TryReadSms(ref Utf8JsonReader reader, out SmsContent? sms)
    {
        var isUsual = TryReadTexts(ref reader, s_smsFields, out var texts);
        sms = texts is null ? null : new() { Body = texts[0] };
        return isUsual;
    }

    /// <summary>The texts of an object that has nothing else, in the order of <paramref name="names"/>; null for null.</summary>
    private static bool TryReadTexts(ref Utf8JsonReader reader, string[] names, out string?[]? texts)
    {
        texts = null;
        if (reader.TokenType == JsonTokenType.Null)
            return true;
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        texts = new string?[names.Length];
        var seen = 0u;
        while (FieldReader.NextField(ref reader, names, ref seen) is var field and not FieldReader.End)
        {
            if (field < 0 || !FieldReader.TryReadText(ref reader, out texts[field]))
                return false;
        }
        return true;
    }
}
