using System.Globalization;
using System.Text;
using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Http;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Google;

/// <summary>Stands in for FCM's HTTP v1 send.</summary>
internal sealed class FcmEndpoint(AccessTokens tokens, BehaviourSet behaviours, MessageStore store, TimeProvider time)
{
    private const int MaxBody = 65_536;
    private static readonly FcmFault TooLarge = new("Request payload size exceeds the limit: 65536 bytes.", Details: false);
    private long _sent;

    public async Task HandleAsync(HttpContext context, string project)
    {
        if (behaviours.DropsUnread(Provider.Fcm))
        {
            HttpFaults.HangUp(context, processed: false);
            return;
        }

        var body = await RequestBody.ReadAsync(context.Request, MaxBody, context.RequestAborted);
        var request = body is null ? new FcmRequest(null, false, null, TooLarge) : FcmParser.Parse(body);
        var behaviour = behaviours.Find(Provider.Fcm, request.Target);
        if (behaviour is { Settings.Refuses: true })
        {
            store.CountRefused(Provider.Fcm);
            var (status, error) = FcmErrors.Of(behaviour.Settings);
            await HttpFaults.RefuseAsync(context, behaviour, status, error, time);
        }
        else if (behaviour is { Settings.Drop: Drop.BeforeRequest })
        {
            HttpFaults.HangUp(context, processed: false);
        }
        else if (!tokens.IsGood(context.Request.Headers.Authorization))
        {
            store.CountRefused(Provider.Fcm);
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"";
            Answer.Write(context.Response, StatusCodes.Status401Unauthorized, FcmErrors.Unauthenticated);
        }
        else if (request.Fault is { } fault)
        {
            store.CountRefused(Provider.Fcm);
            Answer.Write(context.Response, StatusCodes.Status400BadRequest, FcmErrors.Invalid(fault));
        }
        else
        {
            await AcceptAsync(context, project, request, body!, behaviour);
        }
    }

    private async Task AcceptAsync(HttpContext context, string project, FcmRequest request, byte[] body, Behaviour? behaviour)
    {
        var now = time.GetUtcNow();
        var name = request.ValidateOnly
            ? $"projects/{project}/messages/fake_message_id"
            : string.Create(CultureInfo.InvariantCulture, $"projects/{project}/messages/0:{now.ToUnixTimeMilliseconds()}%{Interlocked.Increment(ref _sent):x16}");
        var dropped = behaviour is { Settings.Drop: Drop.AfterRequest };
        if (!request.ValidateOnly)
        {
            store.Record(new ArrivedMessage
            {
                Provider = Provider.Fcm,
                At = now,
                To = request.Target!,
                From = project,
                ProviderId = name,
                DeliveryId = request.DeliveryId,
                Headers = RequestHeaders.Copy(context.Request),
                Body = body,
                Answered = !dropped,
            });
        }

        if (behaviour is not null)
            await behaviour.WaitAsync(time, context.RequestAborted);
        if (dropped)
            HttpFaults.HangUp(context, processed: true);
        else
            Write(context.Response, name);
    }

    private static void Write(HttpResponse response, string name)
    {
        Span<byte> answer = stackalloc byte[512];
        // A project that needs escaping, or is that long, is no real project; then the slow way.
        if (name.Length < 400 && name.AsSpan().IndexOfAny('"', '\\') < 0 && Ascii.IsValid(name)
            && System.Text.Unicode.Utf8.TryWrite(answer, CultureInfo.InvariantCulture, $"{{\"name\":\"{name}\"}}", out var length))
            Answer.Write(response, StatusCodes.Status200OK, answer[..length]);
        else
            Answer.Write(response, StatusCodes.Status200OK, Answer.Build(json => { json.WriteStartObject(); json.WriteString("name", name); json.WriteEndObject(); }));
    }
}
