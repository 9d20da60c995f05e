using System.Text.Json;
using Notify.Core.Channels;

namespace Notify.Sending.Http;

/// <summary>Reads answers in JSON, which anybody between here and the provider may have written.</summary>
public static class AnswerText
{
    /// <summary>Whether JSON could not be read because it is none, or holds a name or a text of bytes that are no text.</summary>
    public static bool IsUnreadable(Exception fault) => fault is JsonException or InvalidOperationException;

    /// <summary>The text; null where it is no string, or one of bytes that are no text (half of a surrogate pair, no UTF-8).</summary>
    public static string? TextOrNull(this JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException) // how JsonElement says that it cannot be decoded
        {
            return null;
        }
    }
}
