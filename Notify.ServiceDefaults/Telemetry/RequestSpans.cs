using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Notify.ServiceDefaults.Telemetry;

/// <summary>
/// Names a request's span by its route and gives it method and status, which ASP.NET Core 10 leaves to instrumentation packages. Those also add the path;
/// the route says which endpoint it was without saying whom it was about.
/// </summary>
internal sealed class RequestSpans : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(DescribeAsync);   // around everything else
        next(app);
    };

    private static async Task DescribeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span)
        {
            await next(context);
            return;
        }

        var failed = true;
        try
        {
            await next(context);
            failed = false;
        }
        finally
        {
            Describe(span, context, failed ? StatusCodes.Status500InternalServerError : context.Response.StatusCode);
        }
    }

    private static void Describe(Activity span, HttpContext context, int status)
    {
        var method = Known(context.Request.Method);
        span.DisplayName = method;
        span.SetTag("http.request.method", method);
        span.SetTag("url.scheme", context.Request.Scheme);
        span.SetTag("http.response.status_code", status);
        if (context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
        {
            span.DisplayName = $"{method} {route}";
            span.SetTag("http.route", route);
        }
        if (status >= StatusCodes.Status500InternalServerError)
            span.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>A caller may send any word as a method; tags come from a closed set.</summary>
    private static string Known(string method) => HttpMethods.GetCanonicalizedValue(method) switch
    {
        "CONNECT" or "DELETE" or "GET" or "HEAD" or "OPTIONS" or "PATCH" or "POST" or "PUT" or "TRACE" => HttpMethods.GetCanonicalizedValue(method),
        _ => "_OTHER",
    };
}
