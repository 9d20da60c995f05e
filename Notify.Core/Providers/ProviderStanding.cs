namespace Notify.Core.Providers;

/// <summary>What can be said of one provider credential now.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Credential">Which account.</param>
/// <param name="State"><c>closed</c>, <c>partial</c>, <c>half_open</c>, <c>open</c> or <c>throttled</c>.</param>
/// <param name="Cause">What opened its breaker, or what it refuses for which scope.</param>
/// <param name="Since">When the breaker's state began.</param>
/// <param name="Until">When it is tried again.</param>
public sealed record ProviderStanding(
    string Provider,
    string Credential,
    string State,
    string? Cause,
    DateTimeOffset Since,
    DateTimeOffset? Until
)
{
    public const string Closed = "closed";

    /// <summary>It is called, except for a scope that it refuses.</summary>
    public const string Partial = "partial";

    public const string HalfOpen = "half_open";
    public const string Open = "open";
    public const string Throttled = "throttled";

    /// <summary>How many scopes it refuses for now.</summary>
    public int RestingScopes { get; init; }

    /// <summary>Whether it has fallen silent: its calls are overdue, and other providers are asked first.</summary>
    public bool IsSilent { get; init; }
}
