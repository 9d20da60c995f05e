using Microsoft.AspNetCore.Http.Features;
using Notify.Api.Problems;

namespace Notify.Api.Keys;

/// <summary>Lets a request through whose key has the scope, and tells the endpoint who is asking.</summary>
internal sealed class ScopeFilter(string scope, ApiKeyDirectory directory, EndpointFilterDelegate next)
{
    /// <summary>A known key is found without waiting, and no state of the request is kept for it here.</summary>
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context)
    {
        if (!TryReadKey(context.HttpContext.Request, out var key))
            return new(Unauthenticated(context.HttpContext));
        var finding = directory.FindAsync(key, context.HttpContext.RequestAborted);
        return finding.IsCompletedSuccessfully ? LetThrough(context, key, finding.Result) : AwaitedAsync(context, key, finding);
    }

    private async ValueTask<object?> AwaitedAsync(EndpointFilterInvocationContext context, KeyHash key, ValueTask<Caller?> finding) =>
        await LetThrough(context, key, await finding);

    private ValueTask<object?> LetThrough(EndpointFilterInvocationContext context, KeyHash key, Caller? caller)
    {
        if (caller is null)
            return new(
                directory.MayExist(key)
                    ? Problem.Unavailable("This key was not seen before, and the database that knows whether it exists is away.")
                    : Unauthenticated(context.HttpContext)
            );
        if (!caller.Scopes.Contains(scope))
            return new(Problem.Forbidden(scope));
        context.HttpContext.Features.Set(caller);
        return next(context);
    }

    private static IResult Unauthenticated(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.Unauthenticated();
    }

    private static bool TryReadKey(HttpRequest request, out KeyHash key)
    {
        const string scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        var isKey = header.Length is > 7 and < 512 && header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase);
        key = isKey ? KeyHash.Of(header.AsSpan(scheme.Length).Trim()) : default;
        return isKey;
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
            .AddEndpointFilterFactory(
                (services, next) =>
                    new ScopeFilter(scope, services.ApplicationServices.GetRequiredService<ApiKeyDirectory>(), next).InvokeAsync
            )
            .AddEndpointFilterFactory(KnownQuery.Filter)
            .WithMetadata(new RequiredScope(scope))
            .ProducesProblems(400, 401, 403, 503);

    /// <summary>Who is asking; there behind <see cref="RequireScope"/>.</summary>
    public static Caller Caller(this HttpContext http) => http.Features.GetRequiredFeature<Caller>();
}
