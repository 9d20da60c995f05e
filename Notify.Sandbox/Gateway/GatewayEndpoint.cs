using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Http;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Gateway;

/// <summary>Stands in for an SMS gateway with a plain JSON API.</summary>
internal sealed class GatewayEndpoint(BehaviourSet behaviours, MessageStore store, TimeProvider time)
{
    private const int MaxBody = 65_536;
    private const string NoSender = "gateway";

    public async Task HandleAsync(HttpContext context)
    {
        if (behaviours.DropsUnread(Provider.Gateway))
        {
            HttpFaults.HangUp(context, processed: false);
            return;
        }

        var body = await RequestBody.ReadAsync(context.Request, MaxBody, context.RequestAborted);
        var sms = GatewayRequest.Parse(body);
        var behaviour = behaviours.Find(Provider.Gateway, sms.To);
        if (behaviour is { Settings.Refuses: true })
        {
            store.CountRefused(Provider.Gateway);
            var (status, error) = GatewayAnswers.Of(behaviour.Settings);
            await HttpFaults.RefuseAsync(context, behaviour, status, error, time);
        }
        else if (behaviour is { Settings.Drop: Drop.BeforeRequest })
        {
            HttpFaults.HangUp(context, processed: false);
        }
        else if (body is null)
        {
            Refuse(context, StatusCodes.Status413PayloadTooLarge, "too_large", "The body is too large.");
        }
        else if (sms.Refusal() is { } refusal)
        {
            Refuse(context, StatusCodes.Status400BadRequest, refusal.Code, refusal.Message);
        }
        else
        {
            await AcceptAsync(context, sms, body, behaviour);
        }
    }

    private async Task AcceptAsync(HttpContext context, GatewayRequest sms, byte[] body, Behaviour? behaviour)
    {
        var id = Guid.NewGuid().ToString("N");
        var dropped = behaviour is { Settings.Drop: Drop.AfterRequest };
        store.Record(new ArrivedMessage
        {
            Provider = Provider.Gateway,
            At = time.GetUtcNow(),
            To = sms.To!,
            From = string.IsNullOrEmpty(sms.From) ? NoSender : sms.From,
            ProviderId = id,
            DeliveryId = sms.DeliveryId,
            Headers = RequestHeaders.Copy(context.Request),
            Body = body,
            Answered = !dropped,
        });
        if (behaviour is not null)
            await behaviour.WaitAsync(time, context.RequestAborted);
        if (dropped)
            HttpFaults.HangUp(context, processed: true);
        else
            Answer.Write(context.Response, StatusCodes.Status200OK, GatewayAnswers.Accepted(id));
    }

    private void Refuse(HttpContext context, int status, string code, string message)
    {
        store.CountRefused(Provider.Gateway);
        Answer.Write(context.Response, status, GatewayAnswers.Error(code, message));
    }
}
