using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Http;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.SendGrid;

/// <summary>Stands in for SendGrid's mail send (v3).</summary>
internal sealed class SendGridEndpoint(BehaviourSet behaviours, MessageStore store, TimeProvider time)
{
    /// <summary>Bytes; SendGrid takes 30 MB.</summary>
    private const int MaxBody = 10 * 1024 * 1024;

    public async Task HandleAsync(HttpContext context)
    {
        if (behaviours.DropsUnread(Provider.SendGrid))
        {
            HttpFaults.HangUp(context, processed: false);
            return;
        }

        var body = await RequestBody.ReadAsync(context.Request, MaxBody, context.RequestAborted);
        var mail = SendGridRequest.Parse(body);
        var behaviour = behaviours.Find(Provider.SendGrid, mail.To);
        if (behaviour is { Settings.Refuses: true })
        {
            store.CountRefused(Provider.SendGrid);
            var (status, error) = SendGridErrors.Of(behaviour.Settings);
            await HttpFaults.RefuseAsync(context, behaviour, status, error, time);
        }
        else if (behaviour is { Settings.Drop: Drop.BeforeRequest })
        {
            HttpFaults.HangUp(context, processed: false);
        }
        else if (!HasKey(context.Request.Headers.Authorization))
        {
            Refuse(context, StatusCodes.Status401Unauthorized, null, "The provided authorization grant is invalid, expired, or revoked");
        }
        else if (body is null)
        {
            Refuse(context, StatusCodes.Status413PayloadTooLarge, null, "payload too large");
        }
        else if (mail.Fault is { } fault)
        {
            Refuse(context, StatusCodes.Status400BadRequest, fault.Field, fault.Message);
        }
        else
        {
            await AcceptAsync(context, mail, body, behaviour);
        }
    }

    private async Task AcceptAsync(HttpContext context, SendGridRequest mail, byte[] body, Behaviour? behaviour)
    {
        var id = Guid.NewGuid().ToString("N");
        var dropped = behaviour is { Settings.Drop: Drop.AfterRequest };
        if (!mail.SandboxMode)
        {
            store.Record(new ArrivedMessage
            {
                Provider = Provider.SendGrid,
                At = time.GetUtcNow(),
                To = mail.To!,
                From = mail.From!,
                ProviderId = id,
                DeliveryId = mail.DeliveryId,
                Headers = RequestHeaders.Copy(context.Request),
                Body = body,
                Answered = !dropped,
            });
        }

        if (behaviour is not null)
            await behaviour.WaitAsync(time, context.RequestAborted);
        if (dropped)
        {
            HttpFaults.HangUp(context, processed: true);
            return;
        }

        context.Response.StatusCode = mail.SandboxMode ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;
        context.Response.Headers["X-Message-Id"] = id;
        context.Response.ContentLength = 0;
    }

    private void Refuse(HttpContext context, int status, string? field, string message)
    {
        store.CountRefused(Provider.SendGrid);
        Answer.Write(context.Response, status, SendGridErrors.Body(field, message));
    }

    private static bool HasKey(string? authorization) =>
        authorization is not null && authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && authorization.AsSpan("Bearer ".Length).Trim().Length > 0;
}
