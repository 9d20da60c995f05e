using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Notify.Core.Notifications;

/// <summary>Reads one ordinary entry of <c>recipients</c> for <see cref="NotificationReader"/>.</summary>
internal static class RecipientReader
{
    private static readonly string[] s_fields = ["id", "email", "phone", "push"];
    private static readonly string[] s_pushFields = ["token", "platform", "app", "environment"];
    private static readonly string[] s_platforms = ["fcm", "apns"];
    private static readonly string[] s_environments = ["production", "sandbox"];

    public static bool TryRead(ref Utf8JsonReader reader, [NotNullWhen(true)] out RecipientTarget? recipient)
    {
        recipient = null;
        string? id = null;
        string? email = null;
        string? phone = null;
        PushTarget? push = null;
        if (reader.TokenType == JsonTokenType.String && FieldReader.TryReadText(ref reader, out id))
        {
            recipient = new() { Id = id };
            return true;
        }
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        var seen = 0u;
        while (FieldReader.NextField(ref reader, s_fields, ref seen) is var field and not FieldReader.End)
        {
            var isUsual = field switch
            {
                0 => FieldReader.TryReadText(ref reader, out id),
                1 => FieldReader.TryReadText(ref reader, out email),
                2 => FieldReader.TryReadText(ref reader, out phone),
                3 => TryReadPush(ref reader, out push),
                _ => false,
            };
            if (!isUsual)
                return false;
        }
        recipient = new()
        {
            Id = id,
            Email = email,
            Phone = phone,
            Push = push,
        };
        return true;
    }

    private static bool TryReadPush(ref Utf8JsonReader reader, out PushTarget? push)
    {
        push = null;
        if (reader.TokenType == JsonTokenType.Null)
            return true;
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        string? token = null;
        string? platform = null;
        string? app = null;
        string? environment = null;
        var seen = 0u;
        while (FieldReader.NextField(ref reader, s_pushFields, ref seen) is var field and not FieldReader.End)
        {
            var isUsual = field switch
            {
                0 => FieldReader.TryReadText(ref reader, out token),
                1 => FieldReader.TryReadWord(ref reader, s_platforms, out platform),
                2 => FieldReader.TryReadText(ref reader, out app),
                3 => FieldReader.TryReadWord(ref reader, s_environments, out environment),
                _ => false,
            };
            if (!isUsual)
                return false;
        }
        push = new()
        {
            Token = token,
            Platform = platform,
            App = app,
            Environment = environment,
        };
        return true;
    }
}
