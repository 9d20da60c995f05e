using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Sending.Adapters;

namespace Notify.Sending.Outcomes;

/// <summary>What an outcome makes of a delivery. Pure, so that the rules can be read and tested as a table.</summary>
public static class Transitions
{
    public static Transition Expired { get; } = new(DeliveryState.Expired, DeliveryReasons.Expired, RefundsAttempt: true);

    /// <summary>Every call it may cost was begun by somebody who did not come back, as its worker's end may be its own doing.</summary>
    public static Transition Abandoned { get; } = new(DeliveryState.Dead, DeliveryReasons.AttemptsExhausted, RefundsAttempt: true);

    /// <summary>Claimed, and not called after all: the provider was found broken in between.</summary>
    public static Transition Paused(DateTimeOffset until) =>
        new(DeliveryState.Waiting, DeliveryReasons.ProviderPaused, until, RefundsAttempt: true);

    /// <summary>A call that tried whether the provider works again found it down, and was certainly not taken: that says nothing about this
    /// delivery, and costs it no attempt.</summary>
    public static Transition StillDown(TimeSpan delay, DateTimeOffset expiresAt, DateTimeOffset now) =>
        Wait(DeliveryReasons.ProviderPaused, delay, expiresAt, now, refund: true);

    /// <param name="outcome">What the attempt came to.</param>
    /// <param name="attempt">Which attempt it was, 1 for the first.</param>
    /// <param name="atMostOnce">Whether a lost answer ends the delivery rather than risking a second message.</param>
    /// <param name="expiresAt">No wait reaches past this.</param>
    /// <param name="now">The time of the answer.</param>
    /// <param name="options">The channel's bounds.</param>
    /// <param name="jitter">Uniform in [0, 1).</param>
    public static Transition For(
        Outcome outcome,
        int attempt,
        bool atMostOnce,
        DateTimeOffset expiresAt,
        DateTimeOffset now,
        DeliveryOptions options,
        double jitter
    ) =>
        outcome.Kind switch
        {
            OutcomeKind.Sent => new(DeliveryState.Sent),
            OutcomeKind.Permanent => new(DeliveryState.Failed, DeliveryReasons.Refused, IsMendable: !outcome.ConcernsMessage),
            OutcomeKind.DeadAddress => new(DeliveryState.Failed, DeliveryReasons.DeadAddress),
            OutcomeKind.OptedOut => new(DeliveryState.Suppressed, DeliveryReasons.OptedOut),
            OutcomeKind.Throttled => Wait(
                DeliveryReasons.Throttled,
                NotUnder(options.RetryFloor, outcome.RetryAfter ?? options.MisconfiguredWait),
                expiresAt,
                now,
                refund: true
            ),
            OutcomeKind.Misconfigured when outcome.ConcernsAddress => Retry(
                DeliveryReasons.Misconfigured,
                outcome,
                attempt,
                expiresAt,
                now,
                options,
                jitter
            ),
            OutcomeKind.Misconfigured => Wait(
                DeliveryReasons.Misconfigured,
                NotUnder(options.RetryFloor, outcome.RetryAfter ?? options.MisconfiguredWait),
                expiresAt,
                now,
                refund: true
            ),
            OutcomeKind.Ambiguous when atMostOnce => new(DeliveryState.Unknown, DeliveryReasons.AnswerLost),
            OutcomeKind.Transient or OutcomeKind.Ambiguous => Retry(
                DeliveryReasons.Retry,
                outcome,
                attempt,
                expiresAt,
                now,
                options,
                jitter
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome.Kind, null),
        };

    /// <summary>Its record cannot be read here. A worker of another version may; it is given as many tries as a call, and left queued it
    /// would be produced again for ever.</summary>
    public static Transition Unreadable(
        int attempt,
        DateTimeOffset expiresAt,
        DateTimeOffset now,
        DeliveryOptions options,
        double jitter
    ) => Retry(DeliveryReasons.Unreadable, new(OutcomeKind.Misconfigured, ConcernsAddress: true), attempt, expiresAt, now, options, jitter);

    private static Transition Retry(
        string reason,
        Outcome outcome,
        int attempt,
        DateTimeOffset expiresAt,
        DateTimeOffset now,
        DeliveryOptions options,
        double jitter
    )
    {
        if (attempt >= Math.Min(outcome.MaxAttempts ?? int.MaxValue, options.MaxAttempts))
            return new(DeliveryState.Dead, DeliveryReasons.AttemptsExhausted);
        var schedule = outcome.Schedule ?? (outcome.Kind == OutcomeKind.Misconfigured ? options.MisconfiguredSchedule : options.Schedule);
        return Wait(reason, outcome.RetryAfter ?? schedule.DelayAfter(attempt, jitter), expiresAt, now, refund: false);
    }

    /// <summary>An answer that costs no attempt and asks for no wait (<c>Retry-After: 0</c>) would be repeated without end or
    /// pause.</summary>
    private static TimeSpan NotUnder(TimeSpan floor, TimeSpan delay) => delay < floor ? floor : delay;

    /// <summary>A wait that would end after the expiry is none: the message would come too late.</summary>
    private static Transition Wait(string reason, TimeSpan delay, DateTimeOffset expiresAt, DateTimeOffset now, bool refund) =>
        delay >= expiresAt - now
            ? new(DeliveryState.Expired, reason, RefundsAttempt: refund)
            : new(DeliveryState.Waiting, reason, now + delay, refund);
}
