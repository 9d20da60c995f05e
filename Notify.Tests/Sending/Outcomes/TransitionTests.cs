using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Sending;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;

namespace Notify.Tests.Sending.Outcomes;

public sealed class TransitionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Far = Now.AddDays(3);

    [Theory]
    [InlineData(OutcomeKind.Sent, "sent", null)]
    [InlineData(OutcomeKind.Permanent, "failed", "refused")]
    [InlineData(OutcomeKind.DeadAddress, "failed", "dead_address")]
    [InlineData(OutcomeKind.OptedOut, "suppressed", "opted_out")]
    [InlineData(OutcomeKind.Throttled, "waiting", "throttled")]
    [InlineData(OutcomeKind.Misconfigured, "waiting", "misconfigured")]
    [InlineData(OutcomeKind.Transient, "waiting", "retry")]
    [InlineData(OutcomeKind.Ambiguous, "waiting", "retry")]
    public void First_attempt_leads_to(OutcomeKind kind, string state, string? reason)
    {
        var to = For(new Outcome(kind), attempt: 1);
        Assert.Equal((state, reason, state == "waiting"), (to.State.ToName(), to.Reason, to.DueAt is not null));
    }

    [Theory]
    [InlineData(OutcomeKind.Permanent, false, true)]
    [InlineData(OutcomeKind.Permanent, true, false)]
    [InlineData(OutcomeKind.DeadAddress, false, false)]
    [InlineData(OutcomeKind.OptedOut, false, false)]
    [InlineData(OutcomeKind.Sent, false, false)]
    public void Only_what_may_be_mended_outside_the_message_leaves_a_letter(OutcomeKind kind, bool concernsMessage, bool leaves) =>
        Assert.Equal(leaves, For(new Outcome(kind, ConcernsMessage: concernsMessage), 1).LeavesLetter);

    [Fact]
    public void Setup_that_is_refused_for_a_scope_costs_no_attempt()
    {
        var to = For(new Outcome(OutcomeKind.Misconfigured, Scope: FaultScopes.Of(FaultScope.Country, "+81")), 6);
        Assert.Equal(
            (DeliveryState.Waiting, "misconfigured", Now.AddSeconds(60), true),
            (to.State, to.Reason, to.DueAt, to.RefundsAttempt)
        );
    }

    [Fact]
    public void Every_outcome_has_a_transition_at_every_attempt()
    {
        foreach (var kind in Enum.GetValues<OutcomeKind>())
        {
            foreach (var attempt in Enumerable.Range(1, 21))
                Assert.True(Enum.IsDefined(For(new Outcome(kind), attempt).State));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => For(new Outcome((OutcomeKind)99), 1));
    }

    [Theory]
    [InlineData(OutcomeKind.Transient, 5, "waiting")]
    [InlineData(OutcomeKind.Transient, 6, "dead")]
    [InlineData(OutcomeKind.Transient, 7, "dead")]
    [InlineData(OutcomeKind.Ambiguous, 6, "dead")]
    [InlineData(OutcomeKind.Throttled, 6, "waiting")]
    [InlineData(OutcomeKind.Misconfigured, 6, "waiting")]
    [InlineData(OutcomeKind.Permanent, 6, "failed")]
    [InlineData(OutcomeKind.Sent, 6, "sent")]
    public void Sixth_call_is_the_last_that_counts(OutcomeKind kind, int attempt, string state) =>
        Assert.Equal(state, For(new Outcome(kind), attempt).State.ToName());

    [Theory]
    [InlineData(1, "waiting", 30.5)] // half of 60 s and the floor
    [InlineData(2, "waiting", 60.5)]
    [InlineData(5, "waiting", 480.5)]
    [InlineData(6, "dead", null)]
    public void Setup_that_is_refused_for_one_address_costs_attempts_and_waits_longer_each_time(int attempt, string state, double? seconds)
    {
        foreach (
            var to in new[]
            {
                For(new Outcome(OutcomeKind.Misconfigured, ConcernsAddress: true), attempt),
                Transitions.Unreadable(attempt, Far, Now, new(), jitter: 0.5),
            }
        )
        {
            Assert.Equal((state, false), (to.State.ToName(), to.RefundsAttempt));
            Assert.Equal(seconds, (to.DueAt - Now)?.TotalSeconds);
        }
        Assert.Equal("misconfigured", For(new Outcome(OutcomeKind.Misconfigured, ConcernsAddress: true), 1).Reason);
        Assert.Equal("unreadable", Transitions.Unreadable(1, Far, Now, new(), jitter: 0.5).Reason);
    }

    [Fact]
    public void Exhausted_delivery_says_so_and_keeps_its_attempts()
    {
        var to = For(new Outcome(OutcomeKind.Transient), 6);
        Assert.Equal(("attempts_exhausted", null, false), (to.Reason, to.DueAt, to.RefundsAttempt));
    }

    [Theory]
    [InlineData(1, 2, "waiting")]
    [InlineData(2, 2, "dead")]
    [InlineData(6, 20, "dead")]
    public void Outcome_may_be_worth_fewer_tries_and_never_more(int attempt, int outcomeMax, string state) =>
        Assert.Equal(state, For(new Outcome(OutcomeKind.Transient, MaxAttempts: outcomeMax), attempt).State.ToName());

    [Theory]
    [InlineData(OutcomeKind.Throttled, true)]
    [InlineData(OutcomeKind.Misconfigured, true)]
    [InlineData(OutcomeKind.Transient, false)]
    [InlineData(OutcomeKind.Ambiguous, false)]
    [InlineData(OutcomeKind.Sent, false)]
    [InlineData(OutcomeKind.Permanent, false)]
    public void Only_throttled_and_misconfigured_give_the_attempt_back(OutcomeKind kind, bool refund)
    {
        Assert.Equal(refund, For(new Outcome(kind), 1).RefundsAttempt);
        Assert.Equal(refund, For(new Outcome(kind, RetryAfter: TimeSpan.FromDays(9)), 1).RefundsAttempt);
    }

    [Theory]
    [InlineData(OutcomeKind.Transient, 3)]
    [InlineData(OutcomeKind.Ambiguous, 3)]
    [InlineData(OutcomeKind.Throttled, 60)]
    [InlineData(OutcomeKind.Misconfigured, 60)]
    public void Wait_without_a_word_from_the_provider(OutcomeKind kind, double seconds) =>
        Assert.Equal(Now.AddSeconds(seconds), For(new Outcome(kind), 1).DueAt);

    [Theory]
    [InlineData(OutcomeKind.Transient)]
    [InlineData(OutcomeKind.Ambiguous)]
    [InlineData(OutcomeKind.Throttled)]
    [InlineData(OutcomeKind.Misconfigured)]
    public void Retry_after_wins(OutcomeKind kind) =>
        Assert.Equal(
            Now.AddMinutes(7),
            For(new Outcome(kind, RetryAfter: TimeSpan.FromMinutes(7), Schedule: RetrySchedule.Default), 1).DueAt
        );

    [Theory]
    [InlineData(OutcomeKind.Throttled)]
    [InlineData(OutcomeKind.Misconfigured)]
    public void Answer_that_costs_no_attempt_waits_a_second_even_when_told_not_to(OutcomeKind kind)
    {
        Assert.Equal(Now.AddSeconds(1), For(new Outcome(kind, RetryAfter: TimeSpan.Zero), 1).DueAt);
        Assert.Equal(Now.AddSeconds(1), For(new Outcome(kind, RetryAfter: TimeSpan.FromSeconds(-30)), 1).DueAt);
    }

    [Fact]
    public void Providers_own_schedule_wins_over_the_channels()
    {
        var slow = new RetrySchedule(TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(15), TimeSpan.FromHours(6));
        Assert.Equal(Now.AddMinutes(22.5), For(new Outcome(OutcomeKind.Transient, Schedule: slow), 1).DueAt);
    }

    [Theory]
    [InlineData(OutcomeKind.Transient, "retry")]
    [InlineData(OutcomeKind.Ambiguous, "retry")]
    [InlineData(OutcomeKind.Throttled, "throttled")]
    [InlineData(OutcomeKind.Misconfigured, "misconfigured")]
    public void Wait_that_would_end_at_or_after_the_expiry_expires_the_delivery(OutcomeKind kind, string reason)
    {
        var outcome = new Outcome(kind, RetryAfter: TimeSpan.FromSeconds(10));
        Assert.Equal((DeliveryState.Waiting, reason), Of(For(outcome, 1, expiresAt: Now.AddSeconds(10.001))));
        Assert.Equal((DeliveryState.Expired, reason), Of(For(outcome, 1, expiresAt: Now.AddSeconds(10))));
        Assert.Equal((DeliveryState.Expired, reason), Of(For(outcome, 1, expiresAt: Now.AddSeconds(-1))));
        Assert.Equal((DeliveryState.Expired, reason), Of(For(outcome with { RetryAfter = TimeSpan.MaxValue }, 1)));
    }

    [Fact]
    public void Expiry_does_not_change_what_is_final()
    {
        foreach (var kind in new[] { OutcomeKind.Sent, OutcomeKind.Permanent, OutcomeKind.DeadAddress, OutcomeKind.OptedOut })
            Assert.Equal(For(new Outcome(kind), 1), For(new Outcome(kind), 1, expiresAt: Now.AddDays(-1)));
        Assert.Equal((DeliveryState.Expired, "expired"), Of(Transitions.Expired));
        Assert.True(Transitions.Expired.RefundsAttempt);
    }

    [Fact]
    public void Lost_answer_is_unknown_under_at_most_once_and_nothing_else_is()
    {
        foreach (var kind in Enum.GetValues<OutcomeKind>())
        {
            var to = Transitions.For(new Outcome(kind), 1, atMostOnce: true, Far, Now, new DeliveryOptions(), 0.5);
            if (kind == OutcomeKind.Ambiguous)
                Assert.Equal(new Transition(DeliveryState.Unknown, "answer_lost"), to);
            else
                Assert.Equal(For(new Outcome(kind), 1), to);
        }
    }

    private static (DeliveryState, string?) Of(Transition to) => (to.State, to.Reason);

    private static Transition For(Outcome outcome, int attempt, DateTimeOffset? expiresAt = null) =>
        Transitions.For(outcome, attempt, atMostOnce: false, expiresAt ?? Far, Now, new DeliveryOptions(), jitter: 0.5);
}
