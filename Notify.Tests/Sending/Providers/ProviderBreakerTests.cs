using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Sending.Providers;

public sealed class ProviderBreakerTests
{
    private static readonly TimeSpan SetupBreak = TimeSpan.FromSeconds(60);
    private static readonly Outcome Failed = new(OutcomeKind.Transient, Code: "503");
    private static readonly Outcome Refused = new(OutcomeKind.Misconfigured, Code: "401");
    private readonly ManualTime _time = new();
    private readonly ProviderBreaker _breaker;
    private int _closed;

    public ProviderBreakerTests() => _breaker = Breaker(() => 0);

    [Fact]
    public async Task Opens_when_enough_calls_were_made_and_not_before()
    {
        for (var i = 0; i < 9; i++)
            await CallAsync(Failed);
        Assert.Equal(BreakerState.Closed, _breaker.State);

        await CallAsync(Failed);

        Assert.Equal(BreakerState.Open, _breaker.State);
        Assert.Equal(_time.GetUtcNow().AddSeconds(5), _breaker.OpenUntil);
        Assert.Equal(_time.GetUtcNow(), _breaker.Since);
        Assert.Equal("transient 503", _breaker.Cause);
    }

    [Fact]
    public async Task Opens_at_a_quarter_of_failures_and_not_below()
    {
        for (var i = 0; i < 9; i++)
            await CallAsync(Outcome.Sent("id"));
        await CallAsync(Failed);
        await CallAsync(new Outcome(OutcomeKind.Ambiguous, Code: "timeout"));
        Assert.Equal(BreakerState.Closed, _breaker.State);

        await CallAsync(Failed); // three of twelve

        Assert.Equal(BreakerState.Open, _breaker.State);
    }

    [Fact]
    public async Task Failures_of_long_ago_do_not_count()
    {
        for (var i = 0; i < 9; i++)
            await CallAsync(Failed);
        await CallAsync(Outcome.Sent("id"));
        _time.Advance(TimeSpan.FromSeconds(12));

        await CallAsync(Failed);

        Assert.Equal(BreakerState.Closed, _breaker.State);
    }

    [Fact]
    public async Task Nothing_but_failures_for_the_window_opens_it_however_few_they_are()
    {
        await CallAsync(Failed);
        _time.Advance(TimeSpan.FromSeconds(9));
        await CallAsync(new Outcome(OutcomeKind.Ambiguous, Code: "timeout"));
        await CallAsync(Failed);
        Assert.Equal(BreakerState.Closed, _breaker.State); // three, and not yet ten seconds
        _time.Advance(TimeSpan.FromSeconds(1));

        await CallAsync(Failed);

        Assert.Equal(BreakerState.Open, _breaker.State);
        Assert.Equal(_time.GetUtcNow().AddSeconds(5), _breaker.OpenUntil);
        foreach (var seconds in new[] { 10, 20, 23, 23 })
        {
            await ProbeAsync(Failed);
            Assert.Equal(_time.GetUtcNow().AddSeconds(seconds), _breaker.OpenUntil);
        }
        Assert.Equal(0, _closed);
        await ProbeAsync(Outcome.Sent("id"));
        Assert.Equal(BreakerState.Closed, _breaker.State);
        Assert.Equal(1, _closed);
        await CallAsync(Failed);
        Assert.Equal(BreakerState.Closed, _breaker.State);
    }

    [Theory]
    [InlineData(OutcomeKind.Sent)]
    [InlineData(OutcomeKind.Permanent)]
    public async Task Answer_between_them_starts_the_time_of_failures_anew(OutcomeKind between)
    {
        for (var i = 0; i < 20; i++)
        {
            await CallAsync(Failed);
            _time.Advance(TimeSpan.FromSeconds(6));
            await CallAsync(Failed);
            await CallAsync(new Outcome(between));
        }

        Assert.Equal(BreakerState.Closed, _breaker.State);
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
    public async Task What_is_wrong_with_a_recipient_or_asks_to_wait_opens_nothing(OutcomeKind kind, bool concernsAddress)
    {
        for (var i = 0; i < 50; i++)
            await CallAsync(new Outcome(kind, ConcernsAddress: concernsAddress));

        Assert.Equal(BreakerState.Closed, _breaker.State);
        Assert.True(_breaker.TryEnter(out var isProbe));
        Assert.False(isProbe);
    }

    [Fact]
    public async Task Refused_credentials_twice_in_a_row_open_it_at_once()
    {
        await CallAsync(Refused);
        Assert.Equal(BreakerState.Closed, _breaker.State);
        await CallAsync(Refused);

        Assert.Equal(BreakerState.Open, _breaker.State);
        Assert.Equal(_time.GetUtcNow() + SetupBreak, _breaker.OpenUntil);
        Assert.Equal("misconfigured 401", _breaker.Cause);
        Assert.False(_breaker.TryEnter(out _));
    }

    [Theory]
    [InlineData(OutcomeKind.Sent)]
    [InlineData(OutcomeKind.Permanent)]
    [InlineData(OutcomeKind.DeadAddress)]
    public async Task Answer_that_shows_we_were_let_in_starts_the_count_of_refusals_anew(OutcomeKind between)
    {
        await CallAsync(Refused);
        await CallAsync(new Outcome(between));
        await CallAsync(Refused);
        Assert.Equal(BreakerState.Closed, _breaker.State);

        await CallAsync(Refused);

        Assert.Equal(BreakerState.Open, _breaker.State);
    }

    [Fact]
    public async Task Providers_own_wait_is_how_long_refused_credentials_rest()
    {
        await CallAsync(Refused);
        await CallAsync(Refused with { RetryAfter = TimeSpan.FromMinutes(7) });

        Assert.Equal(_time.GetUtcNow().AddMinutes(7), _breaker.OpenUntil);
    }

    [Fact]
    public async Task Nobody_enters_before_its_time_and_then_one_at_a_time()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromMilliseconds(1));
        Assert.False(_breaker.TryEnter(out _));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(BreakerState.HalfOpen, _breaker.State);

        Assert.True(_breaker.TryEnter(out var isProbe));
        Assert.True(isProbe);
        Assert.False(_breaker.TryEnter(out var second));
        Assert.False(second);
        _breaker.Leave(isProbe: false); // a call from before the break ends
        Assert.False(_breaker.TryEnter(out _));
        _breaker.Leave(isProbe: true); // not made after all: another may
        Assert.True(_breaker.TryEnter(out _));
    }

    [Fact]
    public async Task Break_doubles_with_each_probe_that_fails_up_to_its_bound_and_starts_anew_after_a_success()
    {
        await OpenAsync();
        foreach (var seconds in new[] { 10, 20, 23, 23 })
        {
            await ProbeAsync(Failed);
            Assert.Equal(_time.GetUtcNow().AddSeconds(seconds), _breaker.OpenUntil);
            Assert.Equal(BreakerState.Open, _breaker.State);
        }
        Assert.Equal(0, _closed);

        await ProbeAsync(Outcome.Sent("id"));
        await OpenAsync();

        Assert.Equal(_time.GetUtcNow().AddSeconds(5), _breaker.OpenUntil);
    }

    [Fact]
    public async Task Probe_that_succeeds_closes_it_and_says_so_once()
    {
        await OpenAsync();

        await ProbeAsync(Outcome.Sent("id"));

        Assert.Equal(BreakerState.Closed, _breaker.State);
        Assert.Equal(_time.GetUtcNow(), _breaker.Since);
        Assert.Equal(1, _closed);
        for (var i = 0; i < 100; i++)
        {
            Assert.True(_breaker.TryEnter(out var isProbe));
            Assert.False(isProbe);
        }
    }

    [Fact]
    public async Task Refused_credentials_rest_again_after_a_refused_probe_and_a_success_ends_it()
    {
        await CallAsync(Refused);
        await CallAsync(Refused);
        await ProbeAsync(Refused);
        Assert.Equal(_time.GetUtcNow() + SetupBreak, _breaker.OpenUntil);
        Assert.Equal(0, _closed);

        await ProbeAsync(Outcome.Sent("id"));

        Assert.Equal(BreakerState.Closed, _breaker.State);
        Assert.Equal(1, _closed);
        await CallAsync(Refused);
        Assert.Equal(BreakerState.Closed, _breaker.State);
    }

    [Fact]
    public async Task Refused_credentials_rest_again_after_a_probe_that_was_not_answered()
    {
        await CallAsync(Refused);
        await CallAsync(Refused);

        await ProbeAsync(Failed);

        Assert.Equal(_time.GetUtcNow().AddSeconds(10), _breaker.OpenUntil);
        Assert.False(_breaker.TryEnter(out _));
        Assert.Equal("transient 503", _breaker.Cause);
    }

    [Fact]
    public async Task Break_is_up_to_a_tenth_longer()
    {
        var breaker = Breaker(() => 0.5);
        for (var i = 0; i < 10; i++)
            await breaker.CallAsync(() => Task.FromResult(Failed));

        Assert.Equal(_time.GetUtcNow().AddSeconds(5.25), breaker.OpenUntil);
    }

    [Fact]
    public async Task Slow_calls_open_it_while_they_run_and_their_outcomes_still_count_for_their_deliveries()
    {
        var answers = new TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = Enumerable.Range(0, 10).Select(_ => _breaker.CallAsync(() => answers.Task)).ToList();
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(BreakerState.Closed, _breaker.State);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Until.TrueAsync(
            () => _breaker.State == BreakerState.Open,
            "It opens although none of the calls has ended.",
            TestContext.Current.CancellationToken
        );
        Assert.All(calls, call => Assert.False(call.IsCompleted));

        answers.SetResult(Outcome.Sent("late"));

        Assert.All(await Task.WhenAll(calls), outcome => Assert.Equal("late", outcome?.ProviderMessageId));
        Assert.Equal(BreakerState.Open, _breaker.State);
        Assert.Equal("transient slow", _breaker.Cause);
    }

    [Fact]
    public async Task Call_that_finds_it_opened_in_between_is_not_made()
    {
        Assert.True(_breaker.TryEnter(out _));
        await OpenAsync();
        var made = false;

        var outcome = await _breaker.CallAsync(() =>
        {
            made = true;
            return Task.FromResult(Outcome.Sent("id"));
        });

        Assert.Null(outcome);
        Assert.False(made);
    }

    private ProviderBreaker Breaker(Func<double> jitter)
    {
        var options = new BreakerOptions { MaxBreak = TimeSpan.FromSeconds(23), SlowCall = TimeSpan.FromSeconds(5) };
        var breaker = new ProviderBreaker(options, SetupBreak, _time, jitter);
        breaker.Closed += () => _closed++;
        return breaker;
    }

    private Task<Outcome?> CallAsync(Outcome outcome) => _breaker.CallAsync(() => Task.FromResult(outcome));

    private async Task OpenAsync()
    {
        for (var i = 0; i < 50 && _breaker.State == BreakerState.Closed; i++)
            await CallAsync(Failed);
        Assert.Equal(BreakerState.Open, _breaker.State);
    }

    private async Task ProbeAsync(Outcome outcome)
    {
        _time.Advance(_breaker.OpenUntil - _time.GetUtcNow());
        Assert.True(_breaker.TryEnter(out var isProbe));
        Assert.True(isProbe);
        Assert.Equal(outcome, await CallAsync(outcome));
        _breaker.Leave(isProbe);
    }
}
