using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Http;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Twilio;

/// <summary>Stands in for Twilio's Messages resource.</summary>
internal sealed class TwilioEndpoint(TwilioAccounts accounts, StatusCallbacks callbacks, BehaviourSet behaviours, MessageStore store, TimeProvider time)
{
    private const int MaxBody = 65_536;

    public async Task HandleAsync(HttpContext context, string account)
    {
        if (behaviours.DropsUnread(Provider.Twilio))
        {
            HttpFaults.HangUp(context, processed: false);
            return;
        }

        var body = await RequestBody.ReadAsync(context.Request, MaxBody, context.RequestAborted);
        var sms = SmsRequest.Parse(body);
        var behaviour = behaviours.Find(Provider.Twilio, sms.To);
        if (behaviour is { Settings.Refuses: true })
        {
            store.CountRefused(Provider.Twilio);
            var (status, error) = TwilioErrors.Of(behaviour.Settings, sms.To);
            await HttpFaults.RefuseAsync(context, behaviour, status, error, time);
        }
        else if (behaviour is { Settings.Drop: Drop.BeforeRequest })
        {
            HttpFaults.HangUp(context, processed: false);
        }
        else if (accounts.SecretFor(account, context.Request.Headers.Authorization) is not { } secret)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Twilio API\"";
            Refuse(context, StatusCodes.Status401Unauthorized, 20003, "Authenticate");
        }
        else if (body is null)
        {
            Refuse(context, StatusCodes.Status413PayloadTooLarge, 20413, "Request entity too large");
        }
        else if (sms.Refusal() is { } refusal)
        {
            Refuse(context, StatusCodes.Status400BadRequest, refusal.Code, refusal.Message);
        }
        else
        {
            await AcceptAsync(context, account, secret, sms, body, behaviour);
        }
    }

    private async Task AcceptAsync(HttpContext context, string account, string secret, SmsRequest sms, byte[] body, Behaviour? behaviour)
    {
        var now = time.GetUtcNow();
        var sid = "SM" + Guid.NewGuid().ToString("N");
        var dropped = behaviour is { Settings.Drop: Drop.AfterRequest };
        store.Record(new ArrivedMessage
        {
            Provider = Provider.Twilio,
            At = now,
            To = sms.To!,
            From = string.IsNullOrEmpty(sms.From) ? sms.Service! : sms.From,
            ProviderId = sid,
            DeliveryId = DeliveryIdOf(sms.StatusCallback),
            Headers = RequestHeaders.Copy(context.Request),
            Body = body,
            Answered = !dropped,
        });
        if (!string.IsNullOrEmpty(sms.StatusCallback))
            callbacks.Queue(new StatusCallback(sms.StatusCallback, account, secret, sid, sms, now));
        if (behaviour is not null)
            await behaviour.WaitAsync(time, context.RequestAborted);
        if (dropped)
            HttpFaults.HangUp(context, processed: true);
        else
            SmsAnswer.Write(context.Response, account, sid, sms, now);
    }

    private void Refuse(HttpContext context, int status, int code, string message)
    {
        store.CountRefused(Provider.Twilio);
        Answer.Write(context.Response, status, TwilioErrors.Body(status, code, message));
    }

    /// <summary>A text carries no id of the sender's; the callback address may.</summary>
    private static Guid? DeliveryIdOf(string? callback)
    {
        var query = callback?.IndexOf('?') ?? -1;
        if (query < 0 || !callback!.Contains(DeliveryIds.Key, StringComparison.Ordinal))
            return null;
        return QueryHelpers.ParseQuery(callback[query..]).TryGetValue(DeliveryIds.Key, out var id) ? DeliveryIds.Parse(Encoding.UTF8.GetBytes(id.ToString())) : null;
    }
}
