using Notify.Sandbox.Apns;
using Notify.Sandbox.Gateway;
using Notify.Sandbox.Google;
using Notify.Sandbox.SendGrid;
using Notify.Sandbox.Twilio;

namespace Notify.Sandbox.Http;

/// <summary>Hands requests of senders to their provider by path, ahead of routing, which costs more than some of the answers.</summary>
internal sealed class ProviderRequests(
    TokenEndpoint token, FcmEndpoint fcm, ApnsEndpoint apns, TwilioEndpoint twilio, SendGridEndpoint sendGrid, GatewayEndpoint gateway)
{
    private const string FcmStart = "/v1/projects/";
    private const string FcmEnd = "/messages:send";
    private const string TwilioStart = "/2010-04-01/Accounts/";
    private const string TwilioEnd = "/Messages.json";

    public RequestDelegate Middleware(RequestDelegate next) => async context =>
    {
        var work = Find(context);
        if (work is null)
        {
            await next(context);
            return;
        }

        try
        {
            await work(context);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();   // the sender hung up; nobody is left to answer
        }
    };

    private Func<HttpContext, Task>? Find(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (HttpProtocol.IsHttp2(context.Request.Protocol) && path.StartsWith("/3/", StringComparison.Ordinal))
            return apns.HandleAsync;
        if (!HttpMethods.IsPost(context.Request.Method))
            return null;
        if (IsBetween(path, FcmStart, FcmEnd))
            return http => fcm.HandleAsync(http, path[FcmStart.Length..^FcmEnd.Length]);
        if (IsBetween(path, TwilioStart, TwilioEnd))
            return http => twilio.HandleAsync(http, path[TwilioStart.Length..^TwilioEnd.Length]);
        return path switch
        {
            "/v3/mail/send" => sendGrid.HandleAsync,
            "/sms-gateway" => gateway.HandleAsync,
            "/token" => token.HandleAsync,
            _ => null,
        };
    }

    private static bool IsBetween(string path, string start, string end) =>
        path.StartsWith(start, StringComparison.Ordinal) && path.EndsWith(end, StringComparison.Ordinal)
        && path.Length > start.Length + end.Length && !path.AsSpan(start.Length, path.Length - start.Length - end.Length).Contains('/');
}
