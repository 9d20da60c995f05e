using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;
using Notify.Api.Problems;

namespace Notify.Api.Paths;

/// <summary>
/// Reads the values in a path from the request as it was sent. The server decodes everything in a path but <c>%2F</c>, which it leaves
/// as it is, so that <c>a%2Fb</c> (the id a/b) and <c>a%252Fb</c> (the id a%2Fb) come out the same. Here each segment is decoded once
/// and whole (RFC 3986 §2.4).
/// </summary>
internal static class PathValues
{
    /// <summary>Goes between routing and the endpoints.</summary>
    public static Task DecodeAsync(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint() is not RouteEndpoint { RoutePattern: { Parameters.Count: > 0 } pattern })
            return next(http);
        if (PathSegments.Read(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget) is not { } segments)
            return Problem.BadPath().ExecuteAsync(http);
        if (segments.Count == pattern.PathSegments.Count)
        {
            for (var i = 0; i < segments.Count; i++)
            {
                if (pattern.PathSegments[i] is { IsSimple: true, Parts: [RoutePatternParameterPart parameter] })
                    http.Request.RouteValues[parameter.Name] = segments[i];
            }
        }
        return next(http);
    }
}
