using System.Collections.Concurrent;
using Notify.Sandbox.Http;

namespace Notify.Sandbox.Apns;

/// <summary>Checks provider tokens; each is read once, then known by its text.</summary>
internal sealed class ApnsTokens(TimeProvider time)
{
    private const int MaxKnown = 1000;
    private const int LifetimeSeconds = 3600;
    private readonly ConcurrentDictionary<string, long> _known = new(StringComparer.Ordinal);

    /// <returns>The reason to refuse, or null.</returns>
    public string? Refusal(string? authorization)
    {
        if (authorization is null || !authorization.StartsWith("bearer ", StringComparison.OrdinalIgnoreCase))
            return ApnsReasons.MissingProviderToken;
        if (!_known.TryGetValue(authorization, out var issued))
        {
            if (
                Jwt.Parse(authorization["bearer ".Length..].Trim()) is not { } jwt
                || jwt.Header("alg") != "ES256"
                || string.IsNullOrEmpty(jwt.Header("kid"))
                || string.IsNullOrEmpty(jwt.Claim("iss"))
                || jwt.Time("iat") is not { } iat
            )
                return ApnsReasons.InvalidProviderToken;
            if (_known.Count >= MaxKnown)
                _known.Clear();
            _known[authorization] = issued = iat;
        }

        return time.GetUtcNow().ToUnixTimeSeconds() - issued > LifetimeSeconds ? ApnsReasons.ExpiredProviderToken : null;
    }
}
