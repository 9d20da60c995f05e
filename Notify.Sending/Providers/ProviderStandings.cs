using Notify.Core.Providers;

namespace Notify.Sending.Providers;

/// <summary>What a provider's parts come to, in the words that workers report.</summary>
internal static class ProviderStandings
{
    public static ProviderStanding Of(
        string provider,
        string credential,
        ProviderBreaker breaker,
        DateTimeOffset? pausedUntil,
        IReadOnlyList<RestingScope> resting,
        OverdueCalls calls
    )
    {
        var state = breaker.State switch
        {
            BreakerState.Open => ProviderStanding.Open,
            BreakerState.HalfOpen => ProviderStanding.HalfOpen,
            _ when pausedUntil is not null => ProviderStanding.Throttled,
            _ => resting.Count == 0 ? ProviderStanding.Closed : ProviderStanding.Partial,
        };
        ProviderStanding standing = state switch
        {
            ProviderStanding.Partial => new(provider, credential, state, CauseOf(resting), resting[0].Since, resting.Min(one => one.Until)),
            ProviderStanding.Closed => new(provider, credential, state, null, breaker.Since, pausedUntil),
            _ => new(provider, credential, state, breaker.Cause, breaker.Since, pausedUntil),
        };
        return standing with { RestingScopes = resting.Count, IsSilent = calls.IsSilent };
    }

    private static string CauseOf(IReadOnlyList<RestingScope> resting) =>
        string.Join(", ", resting.Take(3).Select(scope => $"{scope.Cause} for {scope.Name}"))
        + (resting.Count > 3 ? $" and {resting.Count - 3} more" : "");
}
