namespace Notify.Sending.Providers;

/// <summary>Whether a provider's account is called, and by how many at a time.</summary>
internal enum HealthPhase
{
    /// <summary>It is called by any number.</summary>
    Closed,

    /// <summary>It is broken and is not called. Once its time is over, the next call tries it.</summary>
    Open,

    /// <summary>One call is finding out whether it works again.</summary>
    Probing,

    /// <summary>It works again, and a few calls at a time make sure that what has waited does not throw it down once more.</summary>
    Recovering,
}

/// <summary>What showed that the provider is broken; it decides what shows that it works again.</summary>
internal enum BrokenBy
{
    /// <summary>A share of its calls failed. Single successes between failures do not refute that; only a probe does.</summary>
    FailedShare,

    /// <summary>All its calls failed for a time. Any success refutes that.</summary>
    FailuresInARow,

    /// <summary>It refused our credentials. Any message that it deals with refutes that.</summary>
    Refusals,
}

/// <summary>
/// All that is known about the health of one provider account, as an immutable value. <see cref="HealthRules"/> makes the next one of it.
/// Times count from an arbitrary moment; the default value is a provider that is well and of which nothing is known yet.
/// </summary>
internal readonly struct HealthState
{
    public HealthPhase Phase { get; init; }

    /// <summary>When it broke, or when it worked again after that.</summary>
    public TimeSpan Since { get; init; }

    /// <summary>While <see cref="HealthPhase.Open"/>: when it may be tried.</summary>
    public TimeSpan OpenUntil { get; init; }

    public BrokenBy BrokenBy { get; init; }

    /// <summary>The answer that broke it last, as outcome and code.</summary>
    public string? Cause { get; init; }

    /// <summary>Probes that failed since it broke; each doubles the time until the next one.</summary>
    public int FailedProbes { get; init; }

    /// <summary>Whether a probe has not ended. A slow one counts as failed before that, and no other begins beside it.</summary>
    public bool ProbeRuns { get; init; }

    /// <summary>Places that were taken and are neither used nor given up.</summary>
    public int Places { get; init; }

    /// <summary>How many have asked for a place and got none, so far.</summary>
    public int TurnedAway { get; init; }

    /// <summary>While <see cref="HealthPhase.Recovering"/>: the calls that decide whether it gets more at a time.</summary>
    public RecoveryRound Round { get; init; }

    public FailureEvidence Failures { get; init; }

    public ProviderCondition Condition { get; init; }

    public Silence Silence { get; init; }

    public GrowingPause Pause { get; init; }

    /// <summary>Whether it is called, by any number or by few at a time.</summary>
    public bool IsCalled => Phase is HealthPhase.Closed or HealthPhase.Recovering;

    /// <summary>Whether the call of this place is the one that finds out if it works again.</summary>
    public bool IsTriedBy(CallPlace place) => place.IsProbe && Phase == HealthPhase.Probing;

    /// <summary>Whether the call of this place counts in the present round.</summary>
    public bool Counts(CallPlace place) => Phase == HealthPhase.Recovering && place.Round == Round.Number;

    public HealthState Opened(BrokenBy by, string cause, TimeSpan duration, TimeSpan now) =>
        this with
        {
            Phase = HealthPhase.Open,
            Since = now,
            OpenUntil = now + duration,
            BrokenBy = by,
            Cause = cause,
        };

    public HealthState WithFailedProbe(string cause, HealthSettings settings, TimeSpan now, double jitter) =>
        (this with { FailedProbes = FailedProbes + 1 }).Opened(BrokenBy, cause, settings.BreakAfter(FailedProbes + 1, jitter), now);

    /// <summary>It works again.</summary>
    public HealthState Back(TimeSpan now) =>
        this with
        {
            Phase = HealthPhase.Recovering,
            Since = now,
            FailedProbes = 0,
            Round = Round.Restarted(),
            Failures = Failures.WithoutCalls(),
            Condition = ProviderCondition.Back(now),
        };

    public HealthState InRound(RecoveryRound round) =>
        this with
        {
            Round = round,
            Phase = round.IsLast ? HealthPhase.Closed : HealthPhase.Recovering,
        };
}

/// <summary>A place among a provider's calls.</summary>
/// <param name="Round">The <see cref="RecoveryRound"/> that the call counts in; 0 for none.</param>
/// <param name="IsProbe">Whether the call tries if the provider works again.</param>
/// <param name="Silence">The <see cref="Providers.Silence"/> of the provider that the call tries to end; 0 for none.</param>
/// <param name="TurnedAway">How many had been turned away when the place was taken.</param>
internal readonly record struct CallPlace(int Round, bool IsProbe, int Silence, int TurnedAway);
