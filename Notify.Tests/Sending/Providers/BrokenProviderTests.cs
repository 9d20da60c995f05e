using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Tests.Sending.Providers;

/// <summary>What breaks a provider, for how long, and what shows that it works again.</summary>
public sealed class BrokenProviderTests() : HealthTests(s_options)
{
    private static readonly BreakerOptions s_options = new() { MaxBreak = TimeSpan.FromSeconds(23), SlowCall = TimeSpan.FromSeconds(5) };

    [Fact]
    public void Opens_when_enough_calls_were_made_and_not_before()
    {
        Call(Failed, times: 9);
        Assert.Equal(HealthPhase.Closed, Phase);
        _time.Advance(TimeSpan.FromSeconds(1));

        Call(Failed);

        Assert.Equal(HealthPhase.Open, Phase);
        Assert.Equal(_time.GetUtcNow().AddSeconds(5), OpenUntil);
        Assert.Equal(_time.GetUtcNow(), _health.View.Since);
        Assert.Equal("transient 503", _health.View.Cause);
    }

    [Fact]
    public void Opens_at_a_quarter_of_failures_and_not_below()
    {
        Call(Sent, times: 9);
        Call(Failed);
        Call(new Outcome(OutcomeKind.Ambiguous, Code: "timeout"));
        Assert.Equal(HealthPhase.Closed, Phase);

        Call(Failed); // three of twelve

        Assert.Equal(HealthPhase.Open, Phase);
    }

    [Theory]
    [InlineData(8.9, true)]
    [InlineData(10, false)]
    [InlineData(12, false)]
    [InlineData(1_000, false)]
    public void Failures_of_long_ago_do_not_count(double seconds, bool opens)
    {
        Call(Failed, times: 9);
        Call(Sent);
        _time.Advance(TimeSpan.FromSeconds(seconds));

        Call(Failed);

        Assert.Equal(opens ? HealthPhase.Open : HealthPhase.Closed, Phase);
    }

    [Fact]
    public void Calls_leave_the_window_step_by_step()
    {
        for (var second = 0; second < 100; second++) // one of five fails, all the time
        {
            Call(Sent, times: 4);
            Call(Failed);
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(HealthPhase.Closed, Phase);
        }
        Call(Failed, times: 2);
        Assert.Equal(HealthPhase.Closed, Phase);

        Call(Failed);

        Assert.Equal(HealthPhase.Open, Phase); // nine seconds and this one: 12 of 48
    }

    [Fact]
    public void Nothing_but_failures_for_the_window_opens_it_however_few_they_are()
    {
        Call(Failed);
        _time.Advance(TimeSpan.FromSeconds(9));
        Call(new Outcome(OutcomeKind.Ambiguous, Code: "timeout"));
        Call(Failed);
        Assert.Equal(HealthPhase.Closed, Phase); // three, and not yet ten seconds
        _time.Advance(TimeSpan.FromSeconds(1));

        Call(Failed);

        Assert.Equal(HealthPhase.Open, Phase);
        Assert.Equal(_time.GetUtcNow().AddSeconds(5), OpenUntil);
        foreach (var seconds in new[] { 10, 20, 23, 23 })
        {
            Probe(Failed);
            Assert.Equal(_time.GetUtcNow().AddSeconds(seconds), OpenUntil);
        }
        Probe(Sent);
        Assert.Equal(HealthPhase.Recovering, Phase);
        Call(Failed);
        Assert.Equal(HealthPhase.Recovering, Phase);
    }

    [Theory]
    [InlineData(OutcomeKind.Sent)]
    [InlineData(OutcomeKind.Permanent)]
    public void Answer_between_them_starts_the_time_of_failures_anew(OutcomeKind between)
    {
        for (var i = 0; i < 20; i++)
        {
            Call(Failed);
            _time.Advance(TimeSpan.FromSeconds(6));
            Call(Failed);
            Call(new Outcome(between));
        }

        Assert.Equal(HealthPhase.Closed, Phase);
    }

    [Theory]
    [InlineData(OutcomeKind.Permanent, false)]
    [InlineData(OutcomeKind.DeadAddress, false)]
    [InlineData(OutcomeKind.OptedOut, false)]
    [InlineData(OutcomeKind.Throttled, false)]
    [InlineData(OutcomeKind.Throttled, true)]
    [InlineData(OutcomeKind.Transient, true)]
    [InlineData(OutcomeKind.Ambiguous, true)]
    [InlineData(OutcomeKind.Misconfigured, true)]
    public void What_is_wrong_with_a_recipient_or_asks_to_wait_opens_nothing(OutcomeKind kind, bool concernsAddress)
    {
        Call(new Outcome(kind, ConcernsAddress: concernsAddress), times: 50);

        Assert.Equal(HealthPhase.Closed, Phase);
        Assert.False(Assert.Single(Enter(1)).IsProbe);
    }

    [Fact]
    public void Refused_credentials_twice_in_a_row_open_it_at_once()
    {
        Call(Refused);
        Assert.Equal(HealthPhase.Closed, Phase);
        Call(Refused);

        Assert.Equal(HealthPhase.Open, Phase);
        Assert.Equal(_time.GetUtcNow() + SetupBreak, OpenUntil);
        Assert.Equal("misconfigured 401", _health.View.Cause);
        Assert.Empty(Enter(1));
    }

    [Theory]
    [InlineData(OutcomeKind.Sent)]
    [InlineData(OutcomeKind.Permanent)]
    [InlineData(OutcomeKind.DeadAddress)]
    public void Answer_that_shows_we_were_let_in_starts_the_count_of_refusals_anew(OutcomeKind between)
    {
        Call(Refused);
        Call(new Outcome(between));
        Call(Refused);
        Assert.Equal(HealthPhase.Closed, Phase);

        Call(Refused);

        Assert.Equal(HealthPhase.Open, Phase);
    }

    [Fact]
    public void Providers_own_wait_is_how_long_refused_credentials_rest()
    {
        Call(Refused);
        Call(Refused with { RetryAfter = TimeSpan.FromMinutes(7) });

        Assert.Equal(_time.GetUtcNow().AddMinutes(7), OpenUntil);
    }

    [Fact]
    public void Nobody_enters_before_its_time_and_then_one_at_a_time()
    {
        var before = Assert.Single(Enter(1));
        Open();
        _time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromMilliseconds(1));
        Assert.Empty(Enter(1));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(HealthPhase.Probing, Phase);

        var probe = Assert.Single(Enter(1));
        Assert.True(probe.IsProbe);
        Assert.Empty(Enter(1));
        _health.GiveUp(before); // a call from before the break ends
        Assert.Empty(Enter(1));
        _health.GiveUp(probe); // not made after all: another may
        Assert.True(Assert.Single(Enter(1)).IsProbe);
    }

    [Fact]
    public void Break_doubles_with_each_probe_that_fails_up_to_its_bound_and_starts_anew_after_a_success()
    {
        Open();
        foreach (var seconds in new[] { 10, 20, 23, 23 })
        {
            Probe(Failed);
            Assert.Equal(_time.GetUtcNow().AddSeconds(seconds), OpenUntil);
            Assert.Equal(HealthPhase.Open, Phase);
        }

        Probe(Sent);
        Open();

        Assert.Equal(_time.GetUtcNow().AddSeconds(5), OpenUntil);
    }

    [Fact]
    public void Probe_that_succeeds_ends_the_break_and_calls_go_on()
    {
        Open();

        Probe(Sent);

        Assert.Equal(HealthPhase.Recovering, Phase);
        Assert.Equal(_time.GetUtcNow(), _health.View.Since);
        for (var i = 0; i < 1_100; i++)
        {
            var place = Assert.Single(Enter(1));
            Assert.False(place.IsProbe);
            Call(_health, place, Sent);
        }
        Assert.Equal(HealthPhase.Closed, Phase);
    }

    [Fact]
    public void Refused_credentials_rest_again_after_a_refused_probe_and_a_success_ends_it()
    {
        Call(Refused, times: 2);
        Probe(Refused);
        Assert.Equal(_time.GetUtcNow() + SetupBreak, OpenUntil);

        Probe(Sent);

        Assert.Equal(HealthPhase.Recovering, Phase);
        Call(Refused);
        Assert.Equal(HealthPhase.Recovering, Phase);
    }

    [Fact]
    public void Refused_credentials_rest_again_after_a_probe_that_was_not_answered()
    {
        Call(Refused, times: 2);

        Probe(Failed);

        Assert.Equal(_time.GetUtcNow().AddSeconds(10), OpenUntil);
        Assert.Empty(Enter(1));
        Assert.Equal("transient 503", _health.View.Cause);
    }

    [Fact]
    public void Break_is_up_to_a_tenth_longer()
    {
        var health = Health(s_options, () => 0.5);
        for (var i = 0; i < 10; i++)
        {
            Assert.True(health.TryEnter(isCritical: false, out var place));
            Call(health, place, Failed);
        }

        Assert.Equal(TimeSpan.FromSeconds(5.25), health.View.OpenFor);
    }

    [Fact]
    public void Slow_calls_open_it_while_they_run_and_their_answers_close_nothing()
    {
        var calls = Enter(10).ConvertAll(place => (place, Call: _health.TryBegin(place)!.Value));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(HealthPhase.Closed, Phase);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HealthPhase.Open, Phase);
        Assert.Equal(1, Told);

        Assert.All(calls, call => Assert.Equal("late", _health.End(call.place, call.Call, Outcome.Sent("late"), out _).ProviderMessageId));

        Assert.Equal(HealthPhase.Open, Phase);
        Assert.Equal("transient slow", _health.View.Cause);
    }

    [Fact]
    public void Probe_that_is_slow_has_failed_and_no_other_begins_before_it_ends()
    {
        Open();
        _time.Advance(TimeSpan.FromSeconds(5));
        var probe = Assert.Single(Enter(1));
        var call = _health.TryBegin(probe)!.Value;

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(TimeSpan.FromSeconds(10), _health.View.OpenFor);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(Enter(1));
        _health.End(probe, call, Failed, out _);
        Assert.True(Assert.Single(Enter(1)).IsProbe); // its failure had counted
    }

    [Fact]
    public void Call_that_finds_it_opened_in_between_is_not_made()
    {
        var place = Assert.Single(Enter(1));
        Open();

        Assert.Null(_health.TryBegin(place));
    }

    private void Call(Outcome outcome, int times)
    {
        for (var i = 0; i < times; i++)
            Call(outcome);
    }

    private void Open()
    {
        for (var i = 0; i < 50 && Phase != HealthPhase.Open; i++)
            Call(Failed);
        Assert.Equal(HealthPhase.Open, Phase);
    }
}
