using Notify.Sandbox.Apns;
using Notify.Sandbox.Gateway;
using Notify.Sandbox.Google;
using Notify.Sandbox.SendGrid;
using Notify.Sandbox.Twilio;

namespace Notify.Sandbox.Http;

/// <summary>Hands requests of senders to their provider by path, ahead of routing, which costs more than some of the answers.</summary>
internal sealed class ProviderRequests(
    TokenEndpoint token,
    FcmEndpoint fcm,
    ApnsEndpoint apns,
    TwilioEndpoint twilio,
    SendGridEndpoint sendGrid,
    GatewayEndpoint gateway
)
{
    public RequestDelegate Middleware(RequestDelegate next) =>
        async context =>
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
            catch (Exception gone)
                when (gone is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
            {
                context.Abort(); // the sender hung up; nobody is left to answer
            }
        };

    private Func<HttpContext, Task>? Find(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (HttpProtocol.IsHttp2(context.Request.Protocol) && path.StartsWith("/3/", StringComparison.Ordinal))
            return apns.HandleAsync;
        if (!HttpMethods.IsPost(context.Request.Method))
            return null;
        if (FcmEndpoint.Path.Fits(path))
            return fcm.HandleAsync;
        if (TwilioEndpoint.Path.Fits(path))
            return twilio.HandleAsync;
        return path switch
        {
            "/v3/mail/send" => sendGrid.HandleAsync,
            "/sms-gateway" => gateway.HandleAsync,
            "/token" => token.HandleAsync,
            _ => null,
        };
    }
}
