using System.Text.Json;
using Twilio.Exceptions;
using Twilio.Http;

namespace Twilio.Clients;

/// <summary>Reads the body of a refusal: Twilio's own form, else RFC 9457's, else only its text.</summary>
internal static class RefusalReader
{
    public static TwilioException Read(Response response)
    {
        var status = (int)response.StatusCode;
        try
        {
            using var document = JsonDocument.Parse(response.Content ?? "");
            var body = document.RootElement;
            if (body.ValueKind == JsonValueKind.Object && Json.TryInt(body, "code", out var code))
            {
                return Json.TryDetails(body, out var details)
                    ? new ApiException(code, status, Json.Text(body, "message") ?? $"The request was refused: {response.StatusCode}", Json.Text(body, "more_info"), details)
                    : new ApiStandardException(code, status, Json.Text(body, "type"), Json.Text(body, "title"), Json.Text(body, "detail"), Json.Text(body, "instance"));
            }
        }
        catch (JsonException)
        {
            // Not JSON, such as a proxy's page: the answer below says so.
        }
        return new ApiException($"API error: {response.StatusCode} - {response.Content ?? "[no content]"}");
    }
}
