using Notify.Sandbox.Gateway;
using Notify.Sandbox.Recording;
using Notify.Sandbox.Twilio;

namespace Notify.Sandbox.Control;

/// <summary>A text as the phone shows it, and what it costs.</summary>
/// <param name="From">Number, name or messaging service.</param>
/// <param name="Text">The text.</param>
/// <param name="Segments">Parts that are paid for.</param>
/// <param name="Encoding"><c>GSM-7</c> or <c>UCS-2</c>.</param>
internal sealed record SmsView(string From, string Text, int Segments, string Encoding)
{
    public static SmsView Of(ArrivedMessage message)
    {
        var text = (message.Provider == Provider.Gateway ? GatewayRequest.Parse(message.Body).Text : SmsRequest.Parse(message.Body).Body)
            ?? "";
        return new SmsView(message.From, text, Twilio.Segments.Count(text), Twilio.Segments.IsGsm7(text) ? "GSM-7" : "UCS-2");
    }
}
