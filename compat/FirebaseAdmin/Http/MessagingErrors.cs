using System.Net;
using System.Net.Sockets;
using FirebaseAdmin.Messaging;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace FirebaseAdmin.Http;

/// <summary>Makes the exception of an answer that is no success, whatever its body is, and of a fault on the way.</summary>
internal static class MessagingErrors
{
    private const string FcmErrorType = "type.googleapis.com/google.firebase.fcm.v1.FcmError";

    public static FirebaseMessagingException FromAnswer(HttpResponseMessage response, string body)
    {
        var error = Parse(body)?["error"] as JObject;
        var message = Text(error, "message");
        if (string.IsNullOrEmpty(message))
            message =
                $"Unexpected HTTP response with status: {(int)response.StatusCode} ({response.StatusCode}){Environment.NewLine}{body}";
        return new FirebaseMessagingException(
            CodeOf(Text(error, "status")) ?? CodeOf(response.StatusCode),
            message,
            FcmCodeOf(error),
            response: response
        );
    }

    public static FirebaseMessagingException FromFault(HttpRequestException fault)
    {
        var (code, what) = (fault.InnerException as SocketException)?.SocketErrorCode switch
        {
            SocketError.TimedOut => (ErrorCode.DeadlineExceeded, "Timed out while making an API call"),
            SocketError.HostDown
            or SocketError.HostNotFound
            or SocketError.HostUnreachable
            or SocketError.NetworkDown
            or SocketError.NetworkUnreachable => (ErrorCode.Unavailable, "Failed to establish a connection"),
            _ => (ErrorCode.Unknown, "Unknown error while making a remote service call"),
        };
        return new FirebaseMessagingException(code, $"{what}: {fault.Message}", inner: fault);
    }

    private static JObject Parse(string body)
    {
        try
        {
            return JToken.Parse(body) as JObject;
        }
        catch (JsonException)
        {
            return null; // not FCM's own answer: a proxy's page, say
        }
    }

    private static string Text(JObject from, string property) => (from?[property] as JValue)?.Value as string;

    private static MessagingErrorCode? FcmCodeOf(JObject error)
    {
        var detail = (error?["details"] as JArray)?.OfType<JObject>().FirstOrDefault(entry => Text(entry, "@type") == FcmErrorType);
        return Text(detail, "errorCode") switch
        {
            "APNS_AUTH_ERROR" or "THIRD_PARTY_AUTH_ERROR" => MessagingErrorCode.ThirdPartyAuthError,
            "INTERNAL" => MessagingErrorCode.Internal,
            "INVALID_ARGUMENT" => MessagingErrorCode.InvalidArgument,
            "QUOTA_EXCEEDED" => MessagingErrorCode.QuotaExceeded,
            "SENDER_ID_MISMATCH" => MessagingErrorCode.SenderIdMismatch,
            "UNAVAILABLE" => MessagingErrorCode.Unavailable,
            "UNREGISTERED" => MessagingErrorCode.Unregistered,
            _ => null,
        };
    }

    private static ErrorCode? CodeOf(string status) =>
        status switch
        {
            "INVALID_ARGUMENT" => ErrorCode.InvalidArgument,
            "INTERNAL" => ErrorCode.Internal,
            "PERMISSION_DENIED" => ErrorCode.PermissionDenied,
            "UNAUTHENTICATED" => ErrorCode.Unauthenticated,
            "UNAVAILABLE" => ErrorCode.Unavailable,
            _ => null,
        };

    private static ErrorCode CodeOf(HttpStatusCode status) =>
        status switch
        {
            HttpStatusCode.BadRequest => ErrorCode.InvalidArgument,
            HttpStatusCode.Unauthorized => ErrorCode.Unauthenticated,
            HttpStatusCode.Forbidden => ErrorCode.PermissionDenied,
            HttpStatusCode.NotFound => ErrorCode.NotFound,
            HttpStatusCode.Conflict => ErrorCode.Conflict,
            HttpStatusCode.TooManyRequests => ErrorCode.ResourceExhausted,
            HttpStatusCode.InternalServerError => ErrorCode.Internal,
            HttpStatusCode.ServiceUnavailable => ErrorCode.Unavailable,
            _ => ErrorCode.Unknown,
        };
}
