using System.Text;
using System.Text.Json;
using Notify.Sandbox.Recording;
using Notify.Sandbox.Twilio;

namespace Notify.Sandbox.Gateway;

/// <summary>A request to the gateway: what it takes, and what is wrong with it.</summary>
internal sealed record GatewayRequest(string? To, string? Text, string? From, Guid? DeliveryId, bool IsJson)
{
    public static GatewayRequest Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            var json = JsonElement.ParseValue(ref reader);
            return json.ValueKind == JsonValueKind.Object
                ? new(
                    TextOf(json, "to"),
                    TextOf(json, "text"),
                    TextOf(json, "from"),
                    TextOf(json, "id") is { } id ? DeliveryIds.Parse(Encoding.UTF8.GetBytes(id)) : null,
                    true
                )
                : new(null, null, null, null, false);
        }
        catch (JsonException)
        {
            return new(null, null, null, null, false);
        }
    }

    /// <returns>Code and message to refuse with, or null.</returns>
    public (string Code, string Message)? Refusal() =>
        this switch
        {
            { IsJson: false } => ("invalid_json", "The body must be a JSON object such as {\"to\":\"+15005550006\",\"text\":\"Hello\"}."),
            { To: null } or { To: "" } => ("missing_to", "The field to is required."),
            _ when !SmsRequest.IsNumber(To) => ("invalid_number", "The field to must be a number in E.164."),
            { Text: null } or { Text: "" } => ("missing_text", "The field text is required."),
            _ => null,
        };

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
