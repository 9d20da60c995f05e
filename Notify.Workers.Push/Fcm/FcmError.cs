using System.Text.Json;
using Notify.Sending.Http;

namespace Notify.Workers.Push.Fcm;

/// <summary>
/// What an error answer says, as far as it can be read. The SDK's own code is null both for an unknown FCM code and for none,
/// and it does not show which field was wrong, so the answer's body is read here once more.
/// </summary>
/// <param name="Status">Google's general code, such as <c>NOT_FOUND</c>; never to be taken for FCM's.</param>
/// <param name="Code">FCM's own code, from the detail of type FcmError.</param>
/// <param name="BlamesToken">Whether a field violation names the device's token, or, without any, the text says that it is none.</param>
internal sealed record FcmError(string? Status, string? Code, bool BlamesToken)
{
    private const string FcmErrorType = "type.googleapis.com/google.firebase.fcm.v1.FcmError";
    private const string BadRequestType = "type.googleapis.com/google.rpc.BadRequest";

    // firebase.google.com/docs/cloud-messaging/error-codes; live answers to a truncated token have it without field violations.
    private static readonly string[] NoToken =
    [
        "The registration token is not a valid FCM registration token",
        "Invalid registration token",
        "Invalid registration provided",
    ];

    public static FcmError Unreadable { get; } = new(null, null, false);

    public static FcmError Read(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var error = Property(json.RootElement, "error");
            string? code = null;
            var (blamesToken, hasViolations) = (false, false);
            foreach (var detail in Items(Property(error, "details")))
            {
                var type = Text(detail, "@type");
                if (type == FcmErrorType)
                    code ??= AnswerCode.Clean(Text(detail, "errorCode"));
                else if (type == BadRequestType)
                {
                    var fields = Items(Property(detail, "fieldViolations")).Select(violation => Text(violation, "field")).ToList();
                    blamesToken |= fields.Contains("message.token");
                    hasViolations |= fields.Count > 0;
                }
            }
            blamesToken |=
                !hasViolations
                && Text(error, "message") is { } said
                && Array.Exists(NoToken, text => said.StartsWith(text, StringComparison.OrdinalIgnoreCase));

            return new FcmError(AnswerCode.Clean(Text(error, "status")), code, blamesToken);
        }
        catch (Exception fault) when (AnswerText.IsUnreadable(fault))
        {
            return Unreadable; // a proxy's page, say; the status alone has to do
        }
    }

    private static JsonElement Property(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) ? value : default;

    private static IEnumerable<JsonElement> Items(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : Enumerable.Empty<JsonElement>();

    private static string? Text(JsonElement from, string name) => Property(from, name).TextOrNull();
}
