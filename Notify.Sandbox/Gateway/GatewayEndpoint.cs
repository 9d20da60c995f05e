using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Http;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Gateway;

/// <summary>Stands in for an SMS gateway with a plain JSON API.</summary>
internal sealed class GatewayEndpoint(StandInHandler handler) : IStandIn<GatewayRequest>
{
    private const string NoSender = "gateway";

    public Provider Provider => Provider.Gateway;

    public int MaxBody => 65_536;

    public Task HandleAsync(HttpContext context) => handler.HandleAsync(context, this);

    public GatewayRequest Read(HttpContext context, byte[]? body) => GatewayRequest.Parse(body);

    public string? AddressOf(GatewayRequest sms) => sms.To;

    public Refusal ErrorOf(BehaviourSettings settings, GatewayRequest sms) => GatewayAnswers.Of(settings);

    public Refusal? Check(HttpContext context, GatewayRequest sms, byte[]? body)
    {
        if (body is null)
            return new Refusal(StatusCodes.Status413PayloadTooLarge, GatewayAnswers.Error("too_large", "The body is too large."));
        return sms.Refusal() is { } refusal
            ? new Refusal(StatusCodes.Status400BadRequest, GatewayAnswers.Error(refusal.Code, refusal.Message))
            : null;
    }

    public Acceptance Accept(HttpContext context, GatewayRequest sms, DateTimeOffset now) =>
        new(Guid.NewGuid().ToString("N"), sms.To!, string.IsNullOrEmpty(sms.From) ? NoSender : sms.From, sms.DeliveryId);

    public void Respond(HttpContext context, GatewayRequest sms, string id, DateTimeOffset at) =>
        Answer.Write(context.Response, StatusCodes.Status200OK, GatewayAnswers.Accepted(id));
}
