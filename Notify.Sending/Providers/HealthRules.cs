using Notify.Core.Channels;
using Notify.Sending.Adapters;

namespace Notify.Sending.Providers;

/// <summary>
/// How a provider's health changes: pure, so that it can be read and tested as a table. An outage opens it by the share of failed calls,
/// or, where calls are too few for a share, by a time in which every call failed; refused credentials open it by a few answers in a row,
/// since they fail every message alike. What is wrong with a recipient, a message or a scope (<see cref="RestingScopes"/>) never counts.
/// After a growing time one call tries it; once that succeeds, its calls grow round by round.
/// </summary>
internal static class HealthRules
{
    /// <param name="state">What was known before.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="settings">The account's.</param>
    /// <param name="now">When.</param>
    /// <param name="jitter">Uniform in [0, 1): it spreads the probes of many processes.</param>
    public static HealthStep After(in HealthState state, in HealthEvent happened, HealthSettings settings, TimeSpan now, double jitter) =>
        happened.Kind switch
        {
            HealthEventKind.PlaceAsked => Asked(state, happened.IsCritical, settings, now),
            HealthEventKind.PlaceGivenUp => GivenUp(state, happened.Place),
            HealthEventKind.CallBegan => new(state, IsGranted: state.IsCalled || state.IsTriedBy(happened.Place)),
            HealthEventKind.CallEnded => Ended(state, happened, settings, now, jitter),
            HealthEventKind.CallSlow => Slow(state, happened.Place, settings, now, jitter),
            HealthEventKind.CallsOverdue => new(state with { Silence = state.Silence.Begun(now) }, Frees: true),
            _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.Kind, null),
        };

    private static HealthStep Asked(HealthState state, bool isCritical, HealthSettings settings, TimeSpan now)
    {
        if (state.Phase == HealthPhase.Recovering && state.Round.IsOverdue(now, settings.Breaker.SlowCall))
            state = state.InRound(state.Round.Next(settings.EnoughCalls));
        var mayEnter = state.Phase switch
        {
            HealthPhase.Closed => state.Silence.MayTry(now),
            HealthPhase.Recovering => state.Round.HasRoom(state.Places, isCritical) && state.Silence.MayTry(now),
            HealthPhase.Open => now >= state.OpenUntil && !state.ProbeRuns,
            _ => false,
        };
        if (!mayEnter)
            return new(state with { TurnedAway = state.TurnedAway + 1 });
        state = state with { Places = state.Places + 1 };
        if (state.Phase == HealthPhase.Open)
            return new(
                state with
                {
                    Phase = HealthPhase.Probing,
                    ProbeRuns = true,
                },
                IsGranted: true,
                Place: new(0, IsProbe: true, 0, state.TurnedAway)
            );
        var round = 0;
        if (state.Phase == HealthPhase.Recovering)
            state = state with { Round = state.Round.WithCall(now, out round) };
        var silence = state.Silence.IsOn ? state.Silence.Number : 0;
        return new(
            silence == 0 ? state : state with { Silence = state.Silence.WithTry(now) },
            IsGranted: true,
            Place: new(round, IsProbe: false, silence, state.TurnedAway)
        );
    }

    /// <summary>
    /// A place was not used. Those are woken who were turned away while it was taken, and nobody else: a lane that waits for a permit would
    /// wake itself for ever.
    /// </summary>
    private static HealthStep GivenUp(in HealthState state, CallPlace place) =>
        new(
            state with
            {
                Places = state.Places - 1,
                Phase = state.IsTriedBy(place) ? HealthPhase.Open : state.Phase,
                ProbeRuns = state.ProbeRuns && !place.IsProbe,
                Silence = state.Silence.WithoutTry(place.Silence, called: false),
                Round = state.Counts(place) ? state.Round.WithoutCall() : state.Round,
            },
            Frees: state.TurnedAway != place.TurnedAway
        );

    private static HealthStep Ended(in HealthState before, in HealthEvent call, HealthSettings settings, TimeSpan now, double jitter)
    {
        var (place, outcome) = (call.Place, call.Outcome!);
        var (answer, isWell) = (AnswerKinds.Of(outcome), AnswerKinds.SaysNothingAgainst(outcome));
        // Asked before: whoever was turned away was so by what ends here.
        var frees = place.IsProbe || place.Silence != 0 || before.Phase == HealthPhase.Recovering;
        var state = before with { Places = before.Places - 1, ProbeRuns = before.ProbeRuns && !place.IsProbe };
        if (state.Silence.Number != 0)
        {
            var isOver = state.Silence.IsOn && AnswerKinds.IsAnswer(outcome);
            frees |= isOver;
            var silence = state.Silence.WithoutTry(place.Silence, called: true);
            state = state with { Silence = isOver ? silence.Over() : silence };
        }
        state = Judged(state, call, answer, settings, now, jitter);
        state = state with { Condition = state.Condition.With(failed: !isWell, call.Took) };
        if (state.Counts(place))
        {
            var round = state.Round.WithEnd(isWell);
            state = state.InRound(round.HasEnded ? round.Next(settings.EnoughCalls) : round);
        }
        TimeSpan? wait = null;
        if (answer == AnswerKind.Throttled && outcome.Schedule is { } growing)
        {
            state = state with { Pause = state.Pause.After(outcome.RetryAfter, growing, now, out var isNews) };
            wait = state.Pause.Until - now;
            if (isNews && outcome.Scope is null && state.IsCalled)
                state = state.InRound(state.Round.Restarted()); // the rate was too high: few calls at a time
        }
        else if (answer == AnswerKind.Accepted && !outcome.ConcernsAddress && state.Pause.InARow != 0)
            state = state with { Pause = state.Pause.Ended() };
        return new(state, Frees: frees || HasTurned(before, state), Wait: wait);
    }

    /// <summary>What the end of a call makes of the phase.</summary>
    private static HealthState Judged(
        in HealthState before,
        in HealthEvent call,
        AnswerKind answer,
        HealthSettings settings,
        TimeSpan now,
        double jitter
    )
    {
        var (outcome, isProbe, failures) = (call.Outcome!, before.IsTriedBy(call.Place), before.Failures.WithAnswer(answer, now));
        if (before.IsCalled && !call.WasSlow) // a slow one counted as failed when it became so
            failures = failures.WithCall(answer == AnswerKind.Failed, now, settings.Breaker.Window);
        var state = before with { Failures = failures };
        switch (answer)
        {
            case AnswerKind.Refused when failures.RefusedInARow >= settings.Breaker.Misconfigured:
                return state.Opened(BrokenBy.Refusals, CauseOf(outcome), outcome.RetryAfter ?? settings.MisconfiguredWait, now);
            case AnswerKind.Failed when before.IsCalled && !call.WasSlow && failures.IsShareOf(settings.Breaker):
                return state.Opened(BrokenBy.FailedShare, CauseOf(outcome), settings.BreakAfter(0, jitter), now);
            case AnswerKind.Failed when before.IsCalled && failures.IsRowOf(settings.Breaker, now):
                return state.Opened(BrokenBy.FailuresInARow, CauseOf(outcome), settings.BreakAfter(0, jitter), now);
            case AnswerKind.Failed when isProbe:
                return state.WithFailedProbe(CauseOf(outcome), settings, now, jitter);
            case AnswerKind.Failed:
                return state;
            case AnswerKind.Accepted when !before.IsCalled && (isProbe || before.BrokenBy != BrokenBy.FailedShare):
                return state.Back(now);
            default:
                // Whoever says anything at all has no outage; whether we are let in is still to be seen.
                if (isProbe)
                    return before.BrokenBy == BrokenBy.FailedShare ? state.Back(now) : state with { Phase = HealthPhase.Open };
                return state;
        }
    }

    /// <summary>A call has taken so long that it counts as failed while it runs.</summary>
    private static HealthStep Slow(in HealthState before, CallPlace place, HealthSettings settings, TimeSpan now, double jitter)
    {
        const string Cause = "transient slow";
        if (before.IsTriedBy(place))
            return new(before.WithFailedProbe(Cause, settings, now, jitter), Frees: true);
        if (!before.IsCalled)
            return new(before);
        var state = before with { Failures = before.Failures.WithCall(failed: true, now, settings.Breaker.Window) };
        return state.Failures.IsShareOf(settings.Breaker)
            ? new(state.Opened(BrokenBy.FailedShare, Cause, settings.BreakAfter(0, jitter), now), Frees: true)
            : new(state);
    }

    /// <summary>
    /// Whether it opened, opened for longer, or works again. Then the next of the providers may take what a lane holds back for this one,
    /// or this one what a lane holds back until its time.
    /// </summary>
    private static bool HasTurned(in HealthState before, in HealthState state) =>
        state.Phase == HealthPhase.Open
            ? before.Phase != HealthPhase.Open || before.OpenUntil != state.OpenUntil
            : state.IsCalled && !before.IsCalled;

    private static string CauseOf(Outcome outcome) => $"{outcome.Kind.ToName()} {outcome.Code}".TrimEnd();
}
