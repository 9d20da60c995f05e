using Microsoft.AspNetCore.Http.Features;
using Notify.Api.Problems;

namespace Notify.Api.Keys;

/// <summary>Lets a request through whose key has the scope, and tells the endpoint who is asking.</summary>
internal sealed class ScopeFilter(string scope) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var directory = http.RequestServices.GetRequiredService<ApiKeyDirectory>();
        if (KeyOf(http.Request) is not { } key || await directory.FindAsync(key, http.RequestAborted) is not { } caller)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Problem.Unauthenticated();
        }
        if (!caller.Scopes.Contains(scope))
            return Problem.Forbidden(scope);
        http.Features.Set(caller);
        return await next(context);
    }

    private static string? KeyOf(HttpRequest request)
    {
        const string scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.Length is > 7 and < 512 && header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? header[scheme.Length..].Trim() : null;
    }
}

/// <summary>Endpoints that need a scope.</summary>
internal static class ScopeExtensions
{
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, string scope)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.AddEndpointFilter(new ScopeFilter(scope));

    /// <summary>Who is asking; there behind <see cref="RequireScope{TBuilder}"/>.</summary>
    public static Caller Caller(this HttpContext http) => http.Features.GetRequiredFeature<Caller>();
}
