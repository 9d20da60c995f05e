namespace Notify.Sending.Providers;

/// <summary>What is told of a provider's health.</summary>
/// <param name="Phase">An open provider that may be tried counts as probing.</param>
/// <param name="Since">When it broke, or worked again.</param>
/// <param name="For">How long ago that is.</param>
/// <param name="OpenFor">How long it stays open; null where it is not.</param>
/// <param name="UntilTry">How long until it is tried though it is silent; null where it is not.</param>
/// <param name="Cause">What broke it last.</param>
internal readonly record struct HealthView(
    HealthPhase Phase,
    DateTimeOffset Since,
    TimeSpan For,
    TimeSpan? OpenFor,
    TimeSpan? UntilTry,
    string? Cause
)
{
    /// <summary>Whether it has fallen silent.</summary>
    public bool IsSilent => UntilTry is not null;

    /// <param name="state">The health.</param>
    /// <param name="now">The present.</param>
    /// <param name="began">The moment that the state's times count from.</param>
    public static HealthView Of(in HealthState state, TimeSpan now, DateTimeOffset began)
    {
        var wait = state.Phase == HealthPhase.Open && state.OpenUntil > now ? state.OpenUntil - now : (TimeSpan?)null;
        var phase = state.Phase == HealthPhase.Open && wait is null ? HealthPhase.Probing : state.Phase;
        return new(phase, began + state.Since, now - state.Since, wait, state.Silence.UntilTry(now), state.Cause);
    }
}
