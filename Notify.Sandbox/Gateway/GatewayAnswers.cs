using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Http;

namespace Notify.Sandbox.Gateway;

/// <summary>The gateway's answers.</summary>
internal static class GatewayAnswers
{
    public static byte[] Accepted(string id) =>
        Answer.Build(json =>
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("status", "accepted");
            json.WriteEndObject();
        });

    public static byte[] Error(string code, string message) =>
        Answer.Build(json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("code", code);
            json.WriteString("message", message);
            json.WriteEndObject();
            json.WriteEndObject();
        });

    public static Refusal Of(BehaviourSettings settings)
    {
        var status = settings.Status ?? StatusCodes.Status400BadRequest;
        return new Refusal(status, Error(settings.Code ?? CodeOf(status), "Asked for by a sandbox behaviour."));
    }

    private static string CodeOf(int status) =>
        status switch
        {
            401 or 403 => "unauthorized",
            429 => "too_many_requests",
            >= 500 => "server_error",
            _ => "refused",
        };
}
