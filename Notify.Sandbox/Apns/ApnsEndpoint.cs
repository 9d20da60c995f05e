using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Http;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Apns;

/// <summary>Stands in for APNs, over HTTP/2 as there.</summary>
internal sealed class ApnsEndpoint(ApnsTokens tokens, StandInHandler handler, TimeProvider time) : IStandIn<ApnsRequest>
{
    public Provider Provider => Provider.Apns;

    public int MaxBody => 65_536;

    public Task HandleAsync(HttpContext context) => handler.HandleAsync(context, this);

    public ApnsRequest Read(HttpContext context, byte[]? body)
    {
        var request = ApnsRequest.Parse(context.Request.Path.Value!, body);
        if (request.IsDevice && context.Request.Headers["apns-id"] is { Count: > 0 } given)
            context.Response.Headers["apns-id"] = given; // refusals carry it too
        return request;
    }

    public string? AddressOf(ApnsRequest request) => request.Token;

    public Refusal ErrorOf(BehaviourSettings settings, ApnsRequest request)
    {
        var reason = settings.Code ?? ApnsReasons.ReasonOf(settings.Status!.Value);
        var status = settings.Status ?? ApnsReasons.StatusOf(reason);
        return new Refusal(status, Error(reason, status));
    }

    public Refusal? Check(HttpContext context, ApnsRequest request, byte[]? body)
    {
        var reason =
            !request.IsDevice ? "BadPath"
            : !HttpMethods.IsPost(context.Request.Method) ? "MethodNotAllowed"
            : tokens.Refusal(context.Request.Headers.Authorization) ?? request.Refusal(context.Request.Headers, body);
        return reason is null
            ? null
            : new Refusal(ApnsReasons.StatusOf(reason), Error(reason, ApnsReasons.StatusOf(reason)), "application/json");
    }

    public Acceptance Accept(HttpContext context, ApnsRequest request, DateTimeOffset now)
    {
        var headers = context.Request.Headers;
        return new Acceptance(
            headers["apns-id"] is { Count: > 0 } given ? given.ToString() : Guid.NewGuid().ToString("D"),
            request.Token,
            headers["apns-topic"].ToString(),
            request.DeliveryId
        );
    }

    public void Respond(HttpContext context, ApnsRequest request, string id, DateTimeOffset at)
    {
        context.Response.Headers["apns-id"] = id;
        context.Response.ContentLength = 0;
    }

    private byte[] Error(string reason, int status) =>
        Answer.Build(json =>
        {
            json.WriteStartObject();
            json.WriteString("reason", reason);
            if (status == StatusCodes.Status410Gone)
                json.WriteNumber("timestamp", time.GetUtcNow().ToUnixTimeMilliseconds());
            json.WriteEndObject();
        });
}
