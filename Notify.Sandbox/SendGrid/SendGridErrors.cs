using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Http;

namespace Notify.Sandbox.SendGrid;

/// <summary>SendGrid's error answers.</summary>
internal static class SendGridErrors
{
    public static byte[] Body(string? field, string message) =>
        Answer.Build(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("errors");
            json.WriteStartObject();
            json.WriteString("message", message);
            json.WriteString("field", field);
            json.WriteNull("help");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        });

    public static Refusal Of(BehaviourSettings settings)
    {
        var status = settings.Status ?? StatusCodes.Status400BadRequest;
        return new Refusal(status, Body(null, settings.Code ?? MessageOf(status)));
    }

    private static string MessageOf(int status) =>
        status switch
        {
            401 => "The provided authorization grant is invalid, expired, or revoked",
            403 => "access forbidden",
            413 => "payload too large",
            429 => "too many requests",
            _ => "Asked for by a sandbox behaviour.",
        };
}
