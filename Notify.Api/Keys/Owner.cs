using System.Diagnostics.CodeAnalysis;
using Notify.Api.Problems;

namespace Notify.Api.Keys;

/// <summary>Whose dead letters, replays and audit entries a request is about, and who is written down for it.</summary>
/// <param name="Tenant">The key's tenant; empty for what belongs to no tenant.</param>
/// <param name="Actor">The key's id; with its tenant before it where the entry is not that tenant's.</param>
internal sealed record Owner(string Tenant, string Actor)
{
    /// <summary>Behind <see cref="ScopeExtensions.RequireScope"/>: what belongs to no tenant may hold anybody's data, and needs a scope of
    /// its own.</summary>
    public static bool TryFind(
        HttpContext http,
        string? unassigned,
        [NotNullWhen(true)] out Owner? owner,
        [NotNullWhen(false)] out IResult? problem
    )
    {
        var caller = http.Caller();
        (owner, problem) = unassigned switch
        {
            null or "false" => (new Owner(caller.Tenant, caller.KeyId), (IResult?)null),
            "true" when caller.Scopes.Contains(Scopes.Operate) => (new Owner("", $"{caller.Tenant}/{caller.KeyId}"), null),
            "true" => (null, Problem.Forbidden(Scopes.Operate)),
            _ => (null, Problem.Invalid([new("unassigned", "unknown", "true or false.")])),
        };
        return owner is not null;
    }
}
