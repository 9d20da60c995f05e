using Microsoft.AspNetCore.Http.Features;
using Notify.Sandbox.Http;

namespace Notify.Sandbox.Behaviours;

/// <summary>Carries behaviours out on an HTTP request.</summary>
internal static class HttpFaults
{
    private const int InternalError = 0x2;
    private const int RefusedStream = 0x7;

    /// <summary>Refuses as the behaviour says, in the words of the provider.</summary>
    public static async Task RefuseAsync(HttpContext context, Behaviour behaviour, Refusal refusal, TimeProvider time)
    {
        await behaviour.WaitAsync(time, context.RequestAborted);
        if (behaviour.Settings.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = wait;
        Answer.Write(context.Response, refusal.Status, refusal.Body, refusal.ContentType);
    }

    /// <summary>
    /// Hangs up. On HTTP/1.1 the connection closes. On HTTP/2 this stream alone is reset, its neighbours are not concerned: as refused
    /// (never processed, so a client may send it again by itself) before, as an internal error after it was processed.
    /// </summary>
    public static void HangUp(HttpContext context, bool processed)
    {
        if (context.Features.Get<IHttpResetFeature>() is { } stream)
            stream.Reset(processed ? InternalError : RefusedStream);
        else
            context.Abort();
    }
}
