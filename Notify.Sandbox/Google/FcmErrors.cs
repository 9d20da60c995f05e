using System.Text;
using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Http;

namespace Notify.Sandbox.Google;

/// <summary>FCM's error answers.</summary>
internal static class FcmErrors
{
    /// <summary>Code of a behaviour for the one INVALID_ARGUMENT that is the token's fault.</summary>
    public const string InvalidToken = "INVALID_ARGUMENT:message.token";
    private const string InvalidTokenMessage = "The registration token is not a valid FCM registration token";

    public static readonly byte[] Unauthenticated = Body(
        401,
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
        "UNAUTHENTICATED",
        null,
        null,
        null
    );

    public static byte[] Invalid(FcmFault fault) =>
        Body(
            400,
            fault.Message,
            "INVALID_ARGUMENT",
            fault.Details ? "INVALID_ARGUMENT" : null,
            fault.Details ? fault.Field : null,
            fault.Message
        );

    public static Refusal Of(BehaviourSettings settings)
    {
        var (status, canonical, message) = settings.Code switch
        {
            "UNREGISTERED" => (404, "NOT_FOUND", "Requested entity was not found."),
            "INVALID_ARGUMENT" => (400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
            InvalidToken => (400, "INVALID_ARGUMENT", InvalidTokenMessage),
            "SENDER_ID_MISMATCH" => (403, "PERMISSION_DENIED", "SenderId mismatch"),
            "QUOTA_EXCEEDED" => (429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric."),
            "UNAVAILABLE" => (503, "UNAVAILABLE", "The service is currently unavailable."),
            "INTERNAL" => (500, "INTERNAL", "Internal error encountered."),
            "THIRD_PARTY_AUTH_ERROR" or "APNS_AUTH_ERROR" => (401, "UNAUTHENTICATED", "Auth error from APNS or Web Push Service"),
            _ => (settings.Status ?? 500, Canonical(settings.Status ?? 500), "Asked for by a sandbox behaviour."),
        };
        status = settings.Status ?? status;
        if (settings.Code is null && status is 502 or 504)
            return new Refusal(
                status,
                Encoding.ASCII.GetBytes(
                    $"<!DOCTYPE html>\n<html lang=en><title>Error {status} (Server Error)!!1</title><p>The server encountered a temporary error.</html>\n"
                ),
                "text/html; charset=UTF-8"
            );
        return settings.Code == InvalidToken
            ? new Refusal(status, Body(status, message, canonical, "INVALID_ARGUMENT", "message.token", message))
            : new Refusal(status, Body(status, message, canonical, settings.Code, null, null));
    }

    private static string Canonical(int status) =>
        status switch
        {
            400 => "INVALID_ARGUMENT",
            401 => "UNAUTHENTICATED",
            403 => "PERMISSION_DENIED",
            404 => "NOT_FOUND",
            409 => "ABORTED",
            429 => "RESOURCE_EXHAUSTED",
            500 => "INTERNAL",
            503 => "UNAVAILABLE",
            504 => "DEADLINE_EXCEEDED",
            _ => "UNKNOWN",
        };

    private static byte[] Body(int code, string message, string status, string? errorCode, string? field, string? description) =>
        Answer.Build(json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteNumber("code", code);
            json.WriteString("message", message);
            json.WriteString("status", status);
            if (errorCode is not null)
            {
                json.WriteStartArray("details");
                json.WriteStartObject();
                json.WriteString("@type", "type.googleapis.com/google.firebase.fcm.v1.FcmError");
                json.WriteString("errorCode", errorCode);
                json.WriteEndObject();
                if (field is not null)
                {
                    json.WriteStartObject();
                    json.WriteString("@type", "type.googleapis.com/google.rpc.BadRequest");
                    json.WriteStartArray("fieldViolations");
                    json.WriteStartObject();
                    json.WriteString("field", field);
                    json.WriteString("description", description);
                    json.WriteEndObject();
                    json.WriteEndArray();
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        });
}
