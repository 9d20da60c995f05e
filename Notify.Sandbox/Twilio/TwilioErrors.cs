using System.Globalization;
using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Http;

namespace Notify.Sandbox.Twilio;

/// <summary>Twilio's error answers.</summary>
internal static class TwilioErrors
{
    public static byte[] Body(int status, int code, string message) =>
        Answer.Build(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("code", code);
            json.WriteString("message", message);
            json.WriteString("more_info", string.Create(CultureInfo.InvariantCulture, $"https://www.twilio.com/docs/errors/{code}"));
            json.WriteNumber("status", status);
            json.WriteEndObject();
        });

    public static Refusal Of(BehaviourSettings settings, string? to)
    {
        var code = settings.Code is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : CodeOf(settings.Status!.Value);
        var status = settings.Status ?? StatusOf(code);
        return new Refusal(status, Body(status, code, MessageOf(code, to)));
    }

    private static int CodeOf(int status) =>
        status switch
        {
            401 => 20003,
            403 => 20403,
            404 => 20404,
            429 => 20429,
            >= 500 => 20500,
            _ => 20001,
        };

    private static int StatusOf(int code) =>
        code switch
        {
            20003 => 401,
            20403 => 403,
            20404 => 404,
            20429 => 429,
            20500 => 500,
            20503 => 503,
            _ => 400,
        };

    private static string MessageOf(int code, string? to) =>
        code switch
        {
            20003 => "Authenticate",
            20429 => "Too Many Requests",
            20500 => "An internal server error has occurred",
            21211 => $"Invalid 'To' Phone Number: {to}",
            21408 => $"Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {to}.",
            21606 => "The 'From' phone number provided is not a valid message-capable Twilio phone number for this destination.",
            21610 => "Attempt to send to unsubscribed recipient",
            21612 => "The 'To' phone number provided is not currently reachable using the 'From' phone number provided.",
            21614 => "'To' number is not a valid mobile number",
            _ => "Asked for by a sandbox behaviour.",
        };
}
