using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Providers;
using Notify.Sending;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Notify.Tests.Sending.Limits;
using Notify.Tests.Workers.Email;
using Notify.Workers.Sms;

namespace Notify.Tests.Sending.Providers;

/// <summary>One provider: when it is called, and what its answers make of that.</summary>
public sealed class ProviderAccountTests : ProviderTests
{
    [Fact]
    public async Task Provider_that_says_wait_rests_as_long_as_it_says_or_a_minute()
    {
        var account = ProvidersOf([_first]).Accounts[0];
        await PauseAsync(account, _first, 17);
        Assert.Equal(_time.GetUtcNow().AddSeconds(17), account.PausedUntil);
        Assert.Equal(ProviderStanding.Throttled, account.Standing.State);
        _time.Advance(TimeSpan.FromSeconds(17));
        Assert.Null(account.PausedUntil);

        await CallAsync(account, _first, new(OutcomeKind.Throttled));

        Assert.Equal(_time.GetUtcNow().AddSeconds(60), account.PausedUntil);
    }

    [Fact]
    public async Task Wait_that_grows_is_doubled_by_answers_one_after_the_other_and_not_by_those_of_one_moment()
    {
        var account = ProvidersOf([_first]).Accounts[0];
        var second = TimeSpan.FromSeconds(1);
        _first.AnswerWith(new(OutcomeKind.Throttled, RetryAfter: second, Schedule: new(second, second, TimeSpan.FromSeconds(3))));
        List<Entry> entries = [];
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(account.TryEnter(isRetry: false, isCritical: false, out var entry));
            entries.Add(entry);
        }
        foreach (var entry in entries)
            Assert.Equal(second, (await account.CallAsync(entry, Message, Limit, TestContext.Current.CancellationToken))!.RetryAfter);
        Assert.True(account.IsComingBack);

        foreach (var wait in (int[])[1, 2, 3, 3])
        {
            _time.Advance(account.PausedUntil!.Value - _time.GetUtcNow());
            Assert.Equal(TimeSpan.FromSeconds(Math.Min(2 * wait, 3)), (await CallAsync(account)).RetryAfter);
        }
    }

    [Fact]
    public async Task Scope_that_is_refused_rests_alone_and_one_message_of_it_tries_at_a_time()
    {
        var provider = new StubProvider("first") { Scopes = target => [FaultScopes.Of(FaultScope.Country, target.Address[..2])] };
        var account = ProvidersOf([provider]).Accounts[0];
        var (refused, alike, other) = (Message with { To = "+1" }, Message with { To = "+1" }, Message with { To = "+2" });
        provider.AnswerWith(new(OutcomeKind.Misconfigured, Code: "21408", Scope: FaultScopes.Of(FaultScope.Country, "+1")));
        for (var i = 0; i < 5; i++)
            await CallAsync(account, refused);
        Assert.Equal((ProviderStanding.Partial, "misconfigured 21408 for country:+1"), (account.Standing.State, account.Standing.Cause));

        Assert.Equal(ObstacleKind.ScopeRests, account.TryEnter(alike, isRetry: false, isCritical: false, out _)?.Kind);
        Assert.Null(account.TryEnter(other, isRetry: false, isCritical: false, out var goes));
        account.Leave(goes);

        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(account.TryEnter(refused, isRetry: true, isCritical: false, out var tries));
        Assert.Equal(ObstacleKind.ScopeRests, account.TryEnter(alike, isRetry: false, isCritical: false, out _)?.Kind);
        account.Leave(tries);
        Assert.Null(account.TryEnter(alike, isRetry: false, isCritical: false, out tries));
        provider.AnswerWith(Outcome.Sent("id"));
        await account.CallAsync(tries, alike, Limit, TestContext.Current.CancellationToken);

        Assert.Equal(ProviderStanding.Closed, account.Standing.State);

        async Task CallAsync(ProviderAccount<SmsMessage> through, SmsMessage message)
        {
            Assert.Null(through.TryEnter(isRetry: false, isCritical: false, out var entry));
            await through.CallAsync(entry, message, Limit, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Scope_that_nobody_tries_any_more_is_forgotten_after_an_hour()
    {
        var account = ProvidersOf([_first]).Accounts[0];
        await CallAsync(account, _first, new(OutcomeKind.Misconfigured, Scope: FaultScopes.Of(FaultScope.Domain, "example.test")));
        Assert.Equal(1, account.Standing.RestingScopes);

        _time.Advance(TimeSpan.FromMinutes(62));

        Assert.Equal((ProviderStanding.Closed, 0), (account.Standing.State, account.Standing.RestingScopes));
    }

    [Fact]
    public async Task Wait_for_one_address_rests_nobody()
    {
        var account = ProvidersOf([_first]).Accounts[0];

        await CallAsync(account, _first, new(OutcomeKind.Throttled, RetryAfter: TimeSpan.FromMinutes(5), ConcernsAddress: true), times: 20);

        Assert.Null(account.PausedUntil);
        Assert.False(account.IsTroubled);
    }

    [Fact]
    public async Task Fault_of_an_adapter_may_have_been_sent_and_its_message_is_not_kept()
    {
        var account = ProvidersOf([_first]).Accounts[0];
        _first.Answer = (_, _) => throw new InvalidOperationException("could not write to +15005550001");
        var direct = await CallAsync(account);
        _first.Answer = async (_, _) =>
        {
            await Task.Yield();
            throw new TaskCanceledException("the client's own timeout");
        };
        var later = await CallAsync(account);

        Assert.Equal((OutcomeKind.Ambiguous, nameof(InvalidOperationException)), (direct.Kind, direct.Code));
        Assert.DoesNotContain("+1500", direct.Detail, StringComparison.Ordinal);
        Assert.Equal((OutcomeKind.Ambiguous, nameof(TaskCanceledException)), (later.Kind, later.Code));
    }

    [Fact]
    public async Task Call_that_takes_too_long_is_cut_off_and_may_have_been_sent()
    {
        var account = ProvidersOf([_first]).Accounts[0];
        _first.Answer = async (_, cutOff) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cutOff);
            return Outcome.Sent("never");
        };
        var call = CallAsync(account);
        _time.Advance(Limit - TimeSpan.FromMilliseconds(1));
        Assert.False(call.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        var outcome = await call;

        Assert.Equal((OutcomeKind.Ambiguous, "timeout"), (outcome.Kind, outcome.Code));
    }

    [Fact]
    public async Task Provider_that_comes_back_gets_one_call_and_then_few()
    {
        var providers = ProvidersOf([_first]);
        var account = providers.Accounts[0];
        await BreakAsync(account, _first);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(account.TryEnter(isRetry: true, isCritical: false, out var probe));
        Assert.True(probe.IsProbe);
        Assert.Equal(new Obstacle(ObstacleKind.Busy), account.TryEnter(isRetry: false, isCritical: true, out _));
        account.Leave(probe);
        Assert.Null(account.TryEnter(isRetry: false, isCritical: false, out probe));
        Assert.Equal(ProviderStanding.HalfOpen, account.Standing.State);

        _first.AnswerWith(Outcome.Sent("id"));
        Assert.Equal(OutcomeKind.Sent, (await account.CallAsync(probe, Message, Limit, TestContext.Current.CancellationToken))?.Kind);

        Assert.False(account.IsTroubled); // asked first again: the ramp is careful enough
        Assert.Equal(ProviderStanding.Closed, account.Standing.State);
        var entered = Enumerable
            .Range(0, 100)
            .Count(_ => account.TryEnter(isRetry: false, isCritical: false, out var taken) is null && !taken.IsProbe);
        Assert.Equal(3, entered); // of the four that the ramp begins with; one is kept for critical messages
        Assert.Null(account.TryEnter(isRetry: false, isCritical: true, out _));
        Assert.Equal(new Obstacle(ObstacleKind.Busy), account.TryEnter(isRetry: false, isCritical: true, out _));
    }

    [Fact]
    public async Task Last_call_is_not_spent_on_finding_out_unless_nobody_else_has_for_an_hour()
    {
        var account = ProvidersOf([_first]).Accounts[0];
        await BreakAsync(account, _first);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(
            new Obstacle(ObstacleKind.Paused, _time.GetUtcNow().AddSeconds(60)),
            account.TryEnter(isRetry: true, isCritical: true, out _, isLastCall: true)
        );
        Assert.Null(account.TryEnter(isRetry: true, isCritical: false, out var probe));
        _first.AnswerWith(new(OutcomeKind.Ambiguous, Code: "500"));
        await account.CallAsync(probe, Message, Limit, TestContext.Current.CancellationToken);

        _time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1)); // from the failed try on
        Assert.Equal(ObstacleKind.Paused, account.TryEnter(isRetry: true, isCritical: false, out _, isLastCall: true)?.Kind);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(account.TryEnter(isRetry: true, isCritical: false, out probe, isLastCall: true));
        Assert.True(probe.IsProbe);
    }

    [Fact]
    public async Task Retries_of_one_in_trouble_are_bounded_and_first_calls_are_not()
    {
        var account = ProvidersOf([_first]).Accounts[0];
        await CallAsync(account, _first, new(OutcomeKind.Transient), times: 3);

        Assert.Equal(10, Enumerable.Range(0, 50).Count(_ => account.TryEnter(isRetry: true, isCritical: false, out var _) is null));
        Assert.Equal(new Obstacle(ObstacleKind.RetriesUsedUp), account.TryEnter(isRetry: true, isCritical: true, out _));
        Assert.Equal(50, Enumerable.Range(0, 50).Count(_ => account.TryEnter(isRetry: false, isCritical: false, out var _) is null));
        Assert.InRange(Enumerable.Range(0, 50).Count(_ => account.TryEnter(isRetry: true, isCritical: false, out var _) is null), 4, 5);
    }

    [Fact]
    public async Task Retry_of_one_in_trouble_counts_also_where_it_succeeds()
    {
        var account = ProvidersOf([_first]).Accounts[0];
        await CallAsync(account, _first, new(OutcomeKind.Transient), times: 6);
        _first.AnswerWith(Outcome.Sent("id"));
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(account.TryEnter(isRetry: true, isCritical: false, out var entry));
            await account.CallAsync(entry, Message, Limit, TestContext.Current.CancellationToken);
        }

        Assert.True(account.IsTroubled);
        Assert.Equal(7, Enumerable.Range(0, 50).Count(_ => account.TryEnter(isRetry: true, isCritical: false, out var _) is null));
    }

    [Fact]
    public async Task Retries_of_one_that_has_just_come_back_are_bounded_until_its_slow_calls_are_known()
    {
        var options = new DeliveryOptions
        {
            Breaker = new() { MinimumCalls = 2, SlowCall = TimeSpan.FromSeconds(10) },
        };
        var account = ProvidersOf([_first], options).Accounts[0];
        await CallAsync(account, _first, new(OutcomeKind.Transient), times: 2);
        _time.Advance(TimeSpan.FromMinutes(1));
        await CallAsync(account, _first, Outcome.Sent("id"), times: 30);
        Assert.False(account.IsTroubled);

        Assert.Equal(10, await RetriesAsync(30));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(30, await RetriesAsync(30));

        async Task<int> RetriesAsync(int tries)
        {
            var made = 0;
            for (var i = 0; i < tries; i++)
            {
                if (account.TryEnter(isRetry: true, isCritical: false, out var entry) is null)
                {
                    await account.CallAsync(entry, Message, Limit, TestContext.Current.CancellationToken);
                    made++;
                }
            }
            return made;
        }
    }

    [Fact]
    public void Retries_of_one_that_is_well_are_not_bounded()
    {
        var account = ProvidersOf([_first]).Accounts[0];

        Assert.All(Enumerable.Range(0, 500), _ => Assert.Null(account.TryEnter(isRetry: true, isCritical: false, out var _)));
    }

    [Fact]
    public async Task Permit_of_a_call_that_was_not_made_goes_back()
    {
        var limited = new StubProvider("limited") { Limit = new(1, 1) };
        await Away.UntilLocalAsync(_replica, limited, _time);
        _time.Advance(TimeSpan.FromMinutes(1));
        var account = ProvidersOf([limited]).Accounts[0];
        Assert.Null(account.TryEnter(isRetry: false, isCritical: true, out var entry));
        Assert.Equal(ObstacleKind.NoPermit, account.TryEnter(isRetry: false, isCritical: true, out _)?.Kind);

        account.Leave(entry);

        Assert.Null(account.TryEnter(isRetry: false, isCritical: true, out _));
    }
}
