using Notify.Sending.Adapters;

namespace Notify.Sending.Providers;

/// <summary>What can happen to a provider account.</summary>
internal enum HealthEventKind
{
    /// <summary>A message wants a place among its calls.</summary>
    PlaceAsked,

    /// <summary>A place is not used after all.</summary>
    PlaceGivenUp,

    /// <summary>A place is to be used now.</summary>
    CallBegan,

    /// <summary>A call ended, and its place is free.</summary>
    CallEnded,

    /// <summary>A call has taken as long as counts as failed, and still runs.</summary>
    CallSlow,

    /// <summary>Most of the recent calls are overdue by the provider's usual latency.</summary>
    CallsOverdue,
}

/// <param name="Kind">Which event.</param>
/// <param name="Place">The place that it is about.</param>
/// <param name="IsCritical">Of an asked place: whether the one that is kept for critical messages is for it too.</param>
/// <param name="Outcome">Of an ended call.</param>
/// <param name="Took">Of an ended call: how long it took.</param>
/// <param name="WasSlow">Of an ended call: whether it had counted as failed before.</param>
internal readonly record struct HealthEvent(
    HealthEventKind Kind,
    CallPlace Place = default,
    bool IsCritical = false,
    Outcome? Outcome = null,
    TimeSpan Took = default,
    bool WasSlow = false
);

/// <summary>What an event makes of a provider's health.</summary>
/// <param name="State">The health from now on.</param>
/// <param name="IsGranted">Whether a place, or a beginning, is granted.</param>
/// <param name="Place">The place.</param>
/// <param name="Frees">Whether others that were told to wait should look again.</param>
/// <param name="Wait">Of a call whose provider asked for a growing wait: how long it is now.</param>
internal readonly record struct HealthStep(
    HealthState State,
    bool IsGranted = false,
    CallPlace Place = default,
    bool Frees = false,
    TimeSpan? Wait = null
);

/// <param name="Breaker">When the account counts as broken.</param>
/// <param name="MisconfiguredWait">How long refused credentials rest where the answer does not say.</param>
/// <param name="EnoughCalls">Calls at a time from which nothing is held back after an outage: what the provider can work on, where that
/// is known; a lane gives it no more than twice as many then.</param>
internal sealed record HealthSettings(BreakerOptions Breaker, TimeSpan MisconfiguredWait, int EnoughCalls = HealthSettings.ManyCalls)
{
    public const int ManyCalls = 512;

    /// <summary>How long it stays open, up to a tenth longer so that many processes do not probe in step.</summary>
    public TimeSpan BreakAfter(int failedProbes, double jitter)
    {
        var grown = Breaker.Break * Math.Pow(2, Math.Min(failedProbes, 20));
        return (grown < Breaker.MaxBreak ? grown : Breaker.MaxBreak) * (1 + jitter / 10);
    }
}
