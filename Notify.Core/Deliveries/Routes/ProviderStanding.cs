namespace Notify.Core.Deliveries.Routes;

/// <summary>What can be said of one provider credential now.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Credential">Which account.</param>
/// <param name="State"><c>closed</c>, <c>half_open</c>, <c>open</c> or <c>throttled</c>.</param>
/// <param name="Cause">What opened its breaker.</param>
/// <param name="Since">When the breaker's state began.</param>
/// <param name="Until">When it is tried again.</param>
public sealed record ProviderStanding(string Provider, string Credential, string State, string? Cause, DateTimeOffset Since, DateTimeOffset? Until)
{
    public const string Closed = "closed";
    public const string HalfOpen = "half_open";
    public const string Open = "open";
    public const string Throttled = "throttled";
}
