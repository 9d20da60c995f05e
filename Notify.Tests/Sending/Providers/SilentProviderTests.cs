using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.Core.Channels;
using Notify.Core.Providers;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;
using Notify.Tests.Support;
using Notify.Workers.Sms;

namespace Notify.Tests.Sending.Providers;

/// <summary>A provider that does not answer any more, long before its calls time out.</summary>
public sealed class SilentProviderTests : ProviderTests
{
    private readonly TaskCompletionSource<Outcome> _late = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task<Outcome?>> _running = [];

    [Fact]
    public async Task Messages_go_to_another_one_until_a_call_is_answered()
    {
        var providers = ProvidersOf([_first, _second]);
        await HangAsync(providers, calls: 3);

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal("second", Enter(providers)));

        _late.SetResult(Outcome.Sent("late"));
        // None was cut off: that would be a second message.
        Assert.All(await Task.WhenAll(_running), outcome => Assert.Equal(OutcomeKind.Sent, outcome?.Kind));
        Assert.Equal("first", Enter(providers));
    }

    [Fact]
    public async Task It_is_tried_every_five_seconds_whoever_else_there_is()
    {
        var providers = ProvidersOf([_first, _second]);
        await HangAsync(providers, calls: 3);

        for (var round = 0; round < 3; round++)
        {
            _time.Advance(Silence.TryEvery);
            Assert.Null(providers.TryEnter(Message, isRetry: false, isCritical: false, out var entry));
            Assert.Equal("first", entry?.Account.Name);
            Assert.Equal("second", Enter(providers));
        }
    }

    [Fact]
    public async Task Where_there_is_no_other_calls_are_few_and_the_lane_is_told_when_to_look_again()
    {
        var providers = ProvidersOf([_first]);
        await HangAsync(providers, calls: 3);
        Entry? last = null;
        for (var call = 0; call < Silence.Few; call++)
            Assert.Null(providers.TryEnter(Message, isRetry: false, isCritical: false, out last));

        Assert.Equal(
            new Obstacle(ObstacleKind.Busy, _time.GetUtcNow() + Silence.TryEvery),
            providers.TryEnter(Message, isRetry: false, isCritical: true, out _)
        );
        Assert.Null(providers.PausedUntil);

        var freed = providers.Freed;
        last?.Account.Leave(last.Value);
        Assert.True(freed.IsCompleted);
    }

    [Fact]
    public async Task Lanes_hear_of_its_silence_and_of_its_end()
    {
        var providers = ProvidersOf([_first, _second]);
        await HangAsync(providers, calls: 3, pass: false);
        var silent = providers.Freed;
        _time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.True(silent.IsCompleted);

        var answers = providers.Freed;
        _late.SetResult(Outcome.Sent("late"));
        await Task.WhenAll(_running);

        Assert.True(answers.IsCompleted);
    }

    [Fact]
    public async Task Route_works_on_what_the_other_one_can_work_on()
    {
        StubProvider first = new("first") { Concurrency = 3 },
            second = new("second") { Concurrency = 5 };
        var providers = ProvidersOf([first, second]);
        await HangAsync(providers, calls: 3, first);

        Assert.Equal(5, providers.Concurrency);
    }

    [Fact]
    public async Task Breaker_opens_and_tries_as_ever_when_the_calls_have_timed_out()
    {
        var providers = ProvidersOf([_first, _second], new() { Breaker = new() { MinimumCalls = 3 } });
        await HangAsync(providers, calls: 3);
        _time.Advance(TimeSpan.FromSeconds(10)); // from here on they count as failed
        await Until.TrueAsync(
            () => providers.Accounts[0].Standing.State == ProviderStanding.Open,
            "The breaker opens.",
            TestContext.Current.CancellationToken
        );
        _late.SetResult(new(OutcomeKind.Ambiguous, Code: "timeout"));
        await Task.WhenAll(_running);
        Assert.Equal("second", Enter(providers));

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Null(providers.TryEnter(Message, isRetry: false, isCritical: false, out var probe));
        Assert.True(probe?.IsProbe);
        _first.AnswerWith(Outcome.Sent("id"));
        await probe!.Value.Account.CallAsync(probe.Value, Message, Limit, TestContext.Current.CancellationToken);

        Assert.Equal("first", Enter(providers));
    }

    [Fact]
    public async Task Health_says_that_it_does_not_answer_and_when_one_that_is_broken_is_tried_again()
    {
        var providers = ProvidersOf([_first, _second]);
        await HangAsync(providers, calls: 3);
        await BreakAsync(providers.Accounts[1], _second);

        var result = await new ProviderHealthCheck(providers).CheckHealthAsync(new(), TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Degraded, result.Status);
        var until = providers.Accounts[1].PausedUntil!.Value.UtcDateTime;
        Assert.Equal(
            "first does not answer (calls are overdue by its usual latency); it is tried every 5 s; "
                + $"second is open (misconfigured); it is tried again at {until:u}.",
            result.Description
        );
    }

    private async Task HangAsync(ChannelProviders<SmsMessage> providers, int calls, StubProvider? first = null, bool pass = true)
    {
        first ??= _first;
        await CallAsync(providers.Accounts[0], first, Outcome.Sent("id"), times: 1);
        _time.Advance(UsualLatency.ColdFor);
        await CallAsync(providers.Accounts[0], first, Outcome.Sent("id"), times: UsualLatency.Enough - 1);
        first.Answer = (_, _) => _late.Task;
        for (var call = 0; call < calls; call++)
        {
            Assert.Null(providers.TryEnter(Message, isRetry: false, isCritical: false, out var entry));
            Assert.Equal("first", entry?.Account.Name);
            _running.Add(entry!.Value.Account.CallAsync(entry.Value, Message, Limit, TestContext.Current.CancellationToken));
        }
        if (pass)
            _time.Advance(TimeSpan.FromSeconds(1.1));
    }

    private static string? Enter(ChannelProviders<SmsMessage> providers)
    {
        Assert.Null(providers.TryEnter(Message, isRetry: false, isCritical: false, out var entry));
        entry?.Account.Leave(entry.Value);
        return entry?.Account.Name;
    }
}
