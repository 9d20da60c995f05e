using System.Globalization;
using System.Text;
using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Http;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Google;

/// <summary>Stands in for FCM's HTTP v1 send.</summary>
internal sealed class FcmEndpoint(AccessTokens tokens, StandInHandler handler) : IStandIn<FcmRequest>
{
    public static readonly PathTemplate Path = new("/v1/projects/", "/messages:send");
    private static readonly FcmFault TooLarge = new("Request payload size exceeds the limit: 65536 bytes.", Details: false);
    private long _sent;

    public Provider Provider => Provider.Fcm;

    public int MaxBody => 65_536;

    public Task HandleAsync(HttpContext context) => handler.HandleAsync(context, this);

    public FcmRequest Read(HttpContext context, byte[]? body) =>
        body is null ? new FcmRequest(null, false, null, TooLarge) : FcmParser.Parse(body);

    public string? AddressOf(FcmRequest request) => request.Target;

    public Refusal ErrorOf(BehaviourSettings settings, FcmRequest request) => FcmErrors.Of(settings);

    public Refusal? Check(HttpContext context, FcmRequest request, byte[]? body)
    {
        if (!tokens.IsGood(context.Request.Headers.Authorization))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"";
            return new Refusal(StatusCodes.Status401Unauthorized, FcmErrors.Unauthenticated);
        }

        return request.Fault is { } fault ? new Refusal(StatusCodes.Status400BadRequest, FcmErrors.Invalid(fault)) : null;
    }

    public Acceptance Accept(HttpContext context, FcmRequest request, DateTimeOffset now)
    {
        var project = Path.NameIn(context.Request.Path);
        var name = request.ValidateOnly
            ? $"projects/{project}/messages/fake_message_id"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"projects/{project}/messages/0:{now.ToUnixTimeMilliseconds()}%{Interlocked.Increment(ref _sent):x16}"
            );
        return new Acceptance(name, request.Target!, project, request.DeliveryId, request.ValidateOnly);
    }

    public void Respond(HttpContext context, FcmRequest request, string id, DateTimeOffset at)
    {
        Span<byte> answer = stackalloc byte[512];
        // A project that needs escaping, or is that long, is no real project; then the slow way.
        if (
            id.Length < 400
            && id.AsSpan().IndexOfAny('"', '\\') < 0
            && Ascii.IsValid(id)
            && System.Text.Unicode.Utf8.TryWrite(answer, CultureInfo.InvariantCulture, $"{{\"name\":\"{id}\"}}", out var length)
        )
            Answer.Write(context.Response, StatusCodes.Status200OK, answer[..length]);
        else
            Answer.Write(context.Response, StatusCodes.Status200OK, Escaped(id));
    }

    private static byte[] Escaped(string name) =>
        Answer.Build(json =>
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteEndObject();
        });
}
