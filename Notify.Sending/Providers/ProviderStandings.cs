using Notify.Core.Providers;

namespace Notify.Sending.Providers;

/// <summary>What is told of a channel's providers, whatever its messages are.</summary>
public interface IProviderStandings
{
    /// <summary>When the first of the providers may be called again; null while one may be called now.</summary>
    DateTimeOffset? PausedUntil { get; }

    /// <summary>Each provider in the order in which it is asked.</summary>
    IReadOnlyList<ProviderStanding> Standing { get; }
}

/// <summary>What is known of a provider, in the words that workers report.</summary>
internal static class ProviderStandings
{
    public static ProviderStanding Of(
        string provider,
        string credential,
        HealthView health,
        DateTimeOffset? pausedUntil,
        IReadOnlyList<RestingScope> resting
    )
    {
        var state = health.Phase switch
        {
            HealthPhase.Open => ProviderStanding.Open,
            HealthPhase.Probing => ProviderStanding.HalfOpen,
            _ when pausedUntil is not null => ProviderStanding.Throttled,
            _ => resting.Count == 0 ? ProviderStanding.Closed : ProviderStanding.Partial,
        };
        ProviderStanding standing = state switch
        {
            ProviderStanding.Partial => new(provider, credential, state, CauseOf(resting), resting[0].Since, resting.Min(one => one.Until)),
            ProviderStanding.Closed => new(provider, credential, state, null, health.Since, pausedUntil),
            _ => new(provider, credential, state, health.Cause, health.Since, pausedUntil),
        };
        return standing with { RestingScopes = resting.Count, IsSilent = health.IsSilent };
    }

    private static string CauseOf(IReadOnlyList<RestingScope> resting) =>
        string.Join(", ", resting.Take(3).Select(scope => $"{scope.Cause} for {scope.Name}"))
        + (resting.Count > 3 ? $" and {resting.Count - 3} more" : "");
}
