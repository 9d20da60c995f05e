using System.Text;
using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Http;

/// <summary>What becomes of a request to send, whoever the provider. Behaviours come before its rules: they say what it does, whatever it
/// is sent.</summary>
internal sealed class StandInHandler(BehaviourSet behaviours, MessageStore store, TimeProvider time)
{
    public async Task HandleAsync<TRequest>(HttpContext context, IStandIn<TRequest> standIn)
    {
        if (behaviours.DropsUnread(standIn.Provider))
        {
            HttpFaults.HangUp(context, processed: false);
            return;
        }

        var body = await RequestBody.ReadAsync(context.Request, standIn.MaxBody, context.RequestAborted);
        var request = standIn.Read(context, body);
        var behaviour = behaviours.Find(standIn.Provider, standIn.AddressOf(request));
        if (behaviour is { Settings.Refuses: true })
        {
            store.CountRefused(standIn.Provider);
            var scripted = behaviour.Settings is { Body: { } said, Status: { } status }
                ? new Refusal(status, Encoding.UTF8.GetBytes(said))
                : standIn.ErrorOf(behaviour.Settings, request);
            await HttpFaults.RefuseAsync(context, behaviour, scripted, time);
        }
        else if (behaviour is { Settings.Drop: Drop.BeforeRequest })
        {
            HttpFaults.HangUp(context, processed: false);
        }
        else if (standIn.Check(context, request, body) is { } refusal)
        {
            store.CountRefused(standIn.Provider);
            Answer.Write(context.Response, refusal.Status, refusal.Body, refusal.ContentType);
        }
        else
        {
            await AcceptAsync(context, standIn, request, body!, behaviour);
        }
    }

    private async Task AcceptAsync<TRequest>(
        HttpContext context,
        IStandIn<TRequest> standIn,
        TRequest request,
        byte[] body,
        Behaviour? behaviour
    )
    {
        var now = time.GetUtcNow();
        var accepted = standIn.Accept(context, request, now);
        var dropped = behaviour is { Settings.Drop: Drop.AfterRequest };
        if (!accepted.CheckedOnly)
        {
            store.Record(
                new ArrivedMessage
                {
                    Provider = standIn.Provider,
                    At = now,
                    To = accepted.To,
                    From = accepted.From,
                    ProviderId = accepted.Id,
                    DeliveryId = accepted.DeliveryId,
                    Headers = RequestHeaders.Copy(context.Request),
                    Body = body,
                    Answered = !dropped,
                }
            );
            standIn.Recorded(request, accepted.Id, now);
        }

        if (behaviour is not null)
            await behaviour.WaitAsync(time, context.RequestAborted);
        if (dropped)
            HttpFaults.HangUp(context, processed: true);
        else
            standIn.Respond(context, request, accepted.Id, now);
    }
}
