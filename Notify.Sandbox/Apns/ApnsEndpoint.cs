using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Http;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Apns;

/// <summary>Stands in for APNs, over HTTP/2 as there.</summary>
internal sealed class ApnsEndpoint(ApnsTokens tokens, BehaviourSet behaviours, MessageStore store, TimeProvider time)
{
    private const int MaxBody = 65_536;
    private const string DeviceStart = "/3/device";

    public async Task HandleAsync(HttpContext context)
    {
        if (behaviours.DropsUnread(Provider.Apns))
        {
            HttpFaults.HangUp(context, processed: false);
            return;
        }

        var path = context.Request.Path.Value!;
        var isDevice = path == DeviceStart || path.StartsWith(DeviceStart + "/", StringComparison.Ordinal);
        var token = isDevice && path.Length > DeviceStart.Length ? path[(DeviceStart.Length + 1)..] : "";
        var body = await RequestBody.ReadAsync(context.Request, MaxBody, context.RequestAborted);
        if (isDevice && context.Request.Headers["apns-id"] is { Count: > 0 } given)
            context.Response.Headers["apns-id"] = given;

        var behaviour = behaviours.Find(Provider.Apns, token);
        if (behaviour is { Settings.Refuses: true } refusing)
        {
            store.CountRefused(Provider.Apns);
            var reason = refusing.Settings.Code ?? ApnsReasons.ReasonOf(refusing.Settings.Status!.Value);
            var status = refusing.Settings.Status ?? ApnsReasons.StatusOf(reason);
            await HttpFaults.RefuseAsync(context, refusing, status, Error(reason, status), time);
            return;
        }

        if (behaviour is { Settings.Drop: Drop.BeforeRequest })
        {
            HttpFaults.HangUp(context, processed: false);
            return;
        }

        Guid? deliveryId = null;
        var refusal = !isDevice ? "BadPath"
            : !HttpMethods.IsPost(context.Request.Method) ? "MethodNotAllowed"
            : tokens.Refusal(context.Request.Headers.Authorization) ?? ApnsRequest.Refusal(context.Request.Headers, token, body)
                ?? (ApnsRequest.TryReadDeliveryId(body!, out deliveryId) ? null : "PayloadEmpty");
        if (refusal is null)
        {
            await AcceptAsync(context, token, body!, deliveryId, behaviour);
            return;
        }

        store.CountRefused(Provider.Apns);
        Answer.Write(context.Response, ApnsReasons.StatusOf(refusal), Error(refusal, ApnsReasons.StatusOf(refusal)), "application/json");
    }

    private async Task AcceptAsync(HttpContext context, string token, byte[] body, Guid? deliveryId, Behaviour? behaviour)
    {
        var id = context.Request.Headers["apns-id"] is { Count: > 0 } given ? given.ToString() : Guid.NewGuid().ToString("D");
        var dropped = behaviour is { Settings.Drop: Drop.AfterRequest };
        store.Record(new ArrivedMessage
        {
            Provider = Provider.Apns,
            At = time.GetUtcNow(),
            To = token,
            From = context.Request.Headers["apns-topic"].ToString(),
            ProviderId = id,
            DeliveryId = deliveryId,
            Headers = RequestHeaders.Copy(context.Request),
            Body = body,
            Answered = !dropped,
        });
        if (behaviour is not null)
            await behaviour.WaitAsync(time, context.RequestAborted);
        if (dropped)
        {
            HttpFaults.HangUp(context, processed: true);
            return;
        }

        context.Response.Headers["apns-id"] = id;
        context.Response.ContentLength = 0;
    }

    private byte[] Error(string reason, int status) => status == StatusCodes.Status410Gone
        ? Answer.Build(json =>
        {
            json.WriteStartObject();
            json.WriteString("reason", reason);
            json.WriteNumber("timestamp", time.GetUtcNow().ToUnixTimeMilliseconds());
            json.WriteEndObject();
        })
        : Answer.Build(json =>
        {
            json.WriteStartObject();
            json.WriteString("reason", reason);
            json.WriteEndObject();
        });
}
