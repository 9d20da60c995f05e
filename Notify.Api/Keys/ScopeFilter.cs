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
        var key = KeyOf(http.Request);
        if (key is null || await directory.FindAsync(key, http.RequestAborted) is not { } caller)
        {
            if (key is not null && directory.MayExist(key))
                return Problem.Unavailable("This key was not seen before, and the database that knows whether it exists is away.");
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
        return header.Length is > 7 and < 512 && header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            ? header[scheme.Length..].Trim()
            : null;
    }
}

/// <summary>The scope that an endpoint needs, for the API's description.</summary>
internal sealed record RequiredScope(string Scope);

/// <summary>Endpoints that need a scope.</summary>
internal static class ScopeExtensions
{
    /// <summary>Asks for a key with the scope first; a caller who has it is told what is wrong with the query.</summary>
    public static RouteHandlerBuilder RequireScope(this RouteHandlerBuilder endpoint, string scope) =>
        endpoint
            .AddEndpointFilter(new ScopeFilter(scope))
            .AddEndpointFilterFactory(KnownQuery.Filter)
            .WithMetadata(new RequiredScope(scope))
            .ProducesProblems(400, 401, 403, 503);

    /// <summary>Who is asking; there behind <see cref="RequireScope"/>.</summary>
    public static Caller Caller(this HttpContext http) => http.Features.GetRequiredFeature<Caller>();
}
