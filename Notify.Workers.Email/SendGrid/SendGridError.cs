using System.Buffers;
using System.Text.Json;
using Notify.Sending.Http;

namespace Notify.Workers.Email.SendGrid;

/// <summary>Reads from an error answer which field was refused. Its message is left alone: it likes to quote the address.</summary>
internal static class SendGridError
{
    private const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
    );

    /// <summary>Such as <c>personalizations.0.to.0.email</c>; null where the answer names none or is not SendGrid's.</summary>
    public static string? FieldOf(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return
                JsonElement.ParseValue(ref reader) is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("errors", out var errors)
                && errors is { ValueKind: JsonValueKind.Array }
                && errors.GetArrayLength() > 0
                && errors[0] is { ValueKind: JsonValueKind.Object } error
                && error.TryGetProperty("field", out var field)
                && field.TextOrNull() is { Length: > 0 and <= MaxLength } name
                && !name.AsSpan().ContainsAnyExcept(Allowed)
                ? name
                : null;
        }
        catch (Exception fault) when (AnswerText.IsUnreadable(fault))
        {
            return null; // a proxy's page; the status alone has to do
        }
    }
}
