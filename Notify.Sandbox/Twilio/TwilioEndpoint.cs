using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Http;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Twilio;

/// <summary>Stands in for Twilio's Messages resource.</summary>
internal sealed class TwilioEndpoint(TwilioAccounts accounts, StatusCallbacks callbacks, StandInHandler handler) : IStandIn<TwilioCall>
{
    public static readonly PathTemplate Path = new("/2010-04-01/Accounts/", "/Messages.json");

    public Provider Provider => Provider.Twilio;

    public int MaxBody => 65_536;

    public Task HandleAsync(HttpContext context) => handler.HandleAsync(context, this);

    public TwilioCall Read(HttpContext context, byte[]? body)
    {
        var account = Path.NameIn(context.Request.Path);
        return new TwilioCall(account, accounts.SecretFor(account, context.Request.Headers.Authorization), SmsRequest.Parse(body));
    }

    public string? AddressOf(TwilioCall call) => call.Sms.To;

    public Refusal ErrorOf(BehaviourSettings settings, TwilioCall call) => TwilioErrors.Of(settings, call.Sms.To);

    public Refusal? Check(HttpContext context, TwilioCall call, byte[]? body)
    {
        if (call.Secret is null)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Twilio API\"";
            return Refuse(StatusCodes.Status401Unauthorized, 20003, "Authenticate");
        }

        if (body is null)
            return Refuse(StatusCodes.Status413PayloadTooLarge, 20413, "Request entity too large");
        return call.Sms.Refusal() is { } refusal ? Refuse(StatusCodes.Status400BadRequest, refusal.Code, refusal.Message) : null;
    }

    public Acceptance Accept(HttpContext context, TwilioCall call, DateTimeOffset now)
    {
        var sms = call.Sms;
        return new(
            "SM" + Guid.NewGuid().ToString("N"),
            sms.To!,
            string.IsNullOrEmpty(sms.From) ? sms.Service! : sms.From,
            DeliveryIdOf(sms.StatusCallback)
        );
    }

    public void Recorded(TwilioCall call, string id, DateTimeOffset at)
    {
        if (!string.IsNullOrEmpty(call.Sms.StatusCallback))
            callbacks.Queue(new StatusCallback(call.Sms.StatusCallback, call.Account, call.Secret!, id, call.Sms, at));
    }

    public void Respond(HttpContext context, TwilioCall call, string id, DateTimeOffset at) =>
        SmsAnswer.Write(context.Response, call.Account, id, call.Sms, at);

    private static Refusal Refuse(int status, int code, string message) => new(status, TwilioErrors.Body(status, code, message));

    /// <summary>A text carries no id of the sender's; the callback address may.</summary>
    private static Guid? DeliveryIdOf(string? callback)
    {
        var query = callback?.IndexOf('?') ?? -1;
        if (query < 0 || !callback!.Contains(DeliveryIds.Key, StringComparison.Ordinal))
            return null;
        return QueryHelpers.ParseQuery(callback[query..]).TryGetValue(DeliveryIds.Key, out var id)
            ? DeliveryIds.Parse(Encoding.UTF8.GetBytes(id.ToString()))
            : null;
    }
}
