using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Http;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.SendGrid;

/// <summary>Stands in for SendGrid's mail send (v3).</summary>
internal sealed class SendGridEndpoint(StandInHandler handler) : IStandIn<SendGridRequest>
{
    public Provider Provider => Provider.SendGrid;

    /// <summary>SendGrid takes 30 MB.</summary>
    public int MaxBody => 10 * 1024 * 1024;

    public Task HandleAsync(HttpContext context) => handler.HandleAsync(context, this);

    public SendGridRequest Read(HttpContext context, byte[]? body) => SendGridRequest.Parse(body);

    public string? AddressOf(SendGridRequest mail) => mail.To;

    public Refusal ErrorOf(BehaviourSettings settings, SendGridRequest mail) => SendGridErrors.Of(settings);

    public Refusal? Check(HttpContext context, SendGridRequest mail, byte[]? body)
    {
        if (!HasKey(context.Request.Headers.Authorization))
            return new Refusal(
                StatusCodes.Status401Unauthorized,
                SendGridErrors.Body(null, "The provided authorization grant is invalid, expired, or revoked")
            );
        if (body is null)
            return new Refusal(StatusCodes.Status413PayloadTooLarge, SendGridErrors.Body(null, "payload too large"));
        return mail.Fault is { } fault
            ? new Refusal(StatusCodes.Status400BadRequest, SendGridErrors.Body(fault.Field, fault.Message))
            : null;
    }

    public Acceptance Accept(HttpContext context, SendGridRequest mail, DateTimeOffset now) =>
        new(Guid.NewGuid().ToString("N"), mail.To!, mail.From!, mail.DeliveryId, mail.SandboxMode);

    public void Respond(HttpContext context, SendGridRequest mail, string id, DateTimeOffset at)
    {
        context.Response.StatusCode = mail.SandboxMode ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;
        context.Response.Headers["X-Message-Id"] = id;
        context.Response.ContentLength = 0;
    }

    private static bool HasKey(string? authorization) =>
        authorization is not null
        && authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        && authorization.AsSpan("Bearer ".Length).Trim().Length > 0;
}
