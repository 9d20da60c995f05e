namespace Notify.Core.Deliveries.Routes;

/// <summary>What can be said of one provider credential now.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Credential">Which account.</param>
/// <param name="State"><c>closed</c>, <c>partial</c>, <c>half_open</c>, <c>open</c> or <c>throttled</c>.</param>
/// <param name="Cause">What opened its breaker, or what it refuses for which scope.</param>
/// <param name="Since">When the breaker's state began.</param>
/// <param name="Until">When it is tried again.</param>
public sealed record ProviderStanding(string Provider, string Credential, string State, string? Cause, DateTimeOffset Since, DateTimeOffset? Until)
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

    internal static ProviderStanding Of(
        string provider,
        string credential,
        ProviderBreaker breaker,
        DateTimeOffset? pausedUntil,
        IReadOnlyList<RestingScope> resting,
        OverdueCalls calls)
    {
        var state = breaker.State switch
        {
            BreakerState.Open => Open,
            BreakerState.HalfOpen => HalfOpen,
            _ when pausedUntil is not null => Throttled,
            _ => resting.Count == 0 ? Closed : Partial,
        };
        ProviderStanding standing = state switch
        {
            Partial => new(provider, credential, state, CauseOf(resting), resting[0].Since, resting.Min(one => one.Until)),
            Closed => new(provider, credential, state, null, breaker.Since, pausedUntil),
            _ => new(provider, credential, state, breaker.Cause, breaker.Since, pausedUntil),
        };
        return standing with { RestingScopes = resting.Count, IsSilent = calls.IsSilent };
    }

    private static string CauseOf(IReadOnlyList<RestingScope> resting) =>
        string.Join(", ", resting.Take(3).Select(scope => $"{scope.Cause} for {scope.Name}"))
            + (resting.Count > 3 ? $" and {resting.Count - 3} more" : "");
}
