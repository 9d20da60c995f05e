using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Notify.Tests.Sending.Limits;
using Notify.Tests.Workers.Email;
using Notify.Workers.Sms;

namespace Notify.Tests.Sending.Providers;

/// <summary>Which of several providers takes a message.</summary>
public sealed class ChannelProvidersTests : ProviderTests
{
    [Fact]
    public void First_in_order_takes_the_message()
    {
        var providers = ProvidersOf([_first, _second]);
        for (var i = 0; i < 100; i++)
            Assert.Equal("first", Enter(providers));
    }

    [Fact]
    public async Task One_whose_breaker_is_open_is_passed_over_and_comes_back_after_its_time()
    {
        var providers = ProvidersOf([_first, _second]);
        await BreakAsync(providers.Accounts[0], _first);

        for (var i = 0; i < 100; i++)
            Assert.Equal("second", Enter(providers));
        Assert.Null(providers.PausedUntil);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("first", Enter(providers));
    }

    [Fact]
    public async Task Route_works_on_what_the_provider_that_it_asks_now_can_work_on()
    {
        StubProvider first = new("first") { Concurrency = 3 },
            second = new("second");
        var providers = ProvidersOf([first, second]);
        Assert.Equal(3, providers.Concurrency);

        await BreakAsync(providers.Accounts[0], first);
        Assert.Null(providers.Concurrency);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(providers.Concurrency); // one call tries it; the second carries the rest
        first.AnswerWith(Outcome.Sent("id"));
        await CallAsync(providers.Accounts[0]);
        Assert.Null(providers.Concurrency); // and so while it gets a few at a time
        for (var call = 0; call < 4; call++)
            await CallAsync(providers.Accounts[0]);

        Assert.Equal(3, providers.Concurrency); // eight at a time would be more than it can work on
    }

    [Fact]
    public async Task Bound_of_one_in_trouble_counts_only_where_no_other_may_be_asked()
    {
        StubProvider first = new("first") { Concurrency = 3 },
            second = new("second") { Concurrency = 5 };
        var providers = ProvidersOf([first, second]);
        await CallAsync(providers.Accounts[0], first, new(OutcomeKind.Transient), times: 3);
        Assert.True(providers.Accounts[0].IsTroubled);
        Assert.Equal(5, providers.Concurrency);

        await PauseAsync(providers.Accounts[1], second, 30);
        Assert.Equal(3, providers.Concurrency);
    }

    [Fact]
    public async Task Route_is_paused_until_the_first_of_its_providers_may_be_called()
    {
        var providers = ProvidersOf([_first, _second]);
        await PauseAsync(providers.Accounts[0], _first, 60);
        Assert.Null(providers.PausedUntil);
        await PauseAsync(providers.Accounts[1], _second, 30);

        Assert.Equal(_time.GetUtcNow().AddSeconds(30), providers.PausedUntil);
        var obstacle = providers.TryEnter(Message, isRetry: false, isCritical: true, out var entry);
        Assert.Null(entry);
        Assert.Equal(new Obstacle(ObstacleKind.Paused, _time.GetUtcNow().AddSeconds(30)), obstacle);
        Assert.Equal(["throttled", "throttled"], providers.Standing.Select(standing => standing.State));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("second", Enter(providers));
    }

    [Fact]
    public async Task One_in_trouble_is_asked_after_the_healthy_one_and_still_every_twentieth_time()
    {
        var providers = ProvidersOf([_first, _second]);
        await CallAsync(providers.Accounts[0], _first, new(OutcomeKind.Transient), times: 3);
        Assert.True(providers.Accounts[0].IsTroubled);

        var asked = Enumerable.Range(0, 200).Select(_ => Enter(providers)).ToList();

        Assert.Equal(10, asked.Count(name => name == "first"));
        for (var start = 0; start < 180; start++)
            Assert.Single(asked.Skip(start).Take(20), "first");
        await CallAsync(providers.Accounts[0], _first, Outcome.Sent("id"), times: 10);
        Assert.Equal("first", Enter(providers));
    }

    [Fact]
    public async Task Look_at_one_in_trouble_is_made_up_when_its_permits_have_come()
    {
        var limited = new StubProvider("limited") { Limit = new(100, 100) };
        var permits = await Away.UntilLocalAsync(_replica, limited, _time);
        var providers = ProvidersOf([limited, _second]);
        await CallAsync(providers.Accounts[0], limited, new(OutcomeKind.Transient), times: 3);
        permits.TryTake(1_000, critical: true);
        for (var i = 0; i < 19; i++)
            Assert.Equal("second", Enter(providers));

        Assert.Equal(
            new Obstacle(ObstacleKind.NoPermit) { Permits = permits },
            providers.TryEnter(Message, isRetry: false, isCritical: false, out _)
        );
        for (var i = 0; i < 50; i++)
            Assert.Equal("second", Enter(providers)); // nobody else waits for it
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("limited", Enter(providers));
        for (var i = 0; i < 8; i++)
            Assert.Equal("second", Enter(providers));
        Assert.Equal("limited", Enter(providers)); // the eightieth
    }

    [Fact]
    public async Task One_in_trouble_takes_what_nobody_else_can()
    {
        var only = new StubProvider("only") { Carries = _ => false };
        var providers = ProvidersOf([_first, only]);
        await CallAsync(providers.Accounts[0], _first, new(OutcomeKind.Transient), times: 3);

        for (var i = 0; i < 100; i++)
            Assert.Equal("first", Enter(providers));
    }

    [Fact]
    public void Message_that_no_provider_carries_meets_no_obstacle_and_gets_no_entry()
    {
        var providers = ProvidersOf([new StubProvider { Carries = _ => false }]);

        Assert.Null(providers.TryEnter(Message, isRetry: false, isCritical: false, out var entry));
        Assert.Null(entry);
    }

    [Fact]
    public void Configured_order_counts_and_who_is_not_in_it_is_not_asked()
    {
        Assert.Equal(
            ["second", "first"],
            ProvidersOf([_first, _second], new() { Route = ["second", "first", "second"] }).Accounts.Select(account => account.Name)
        );
        Assert.Equal(["second"], ProvidersOf([_first, _second], new() { Route = ["second"] }).Accounts.Select(account => account.Name));
    }

    [Fact]
    public void Unknown_name_in_the_order_is_an_error_that_tells_it_and_the_known_ones()
    {
        var error = Assert.Throws<InvalidOperationException>(() => ProvidersOf([_first, _second], new() { Route = ["first", "thrid"] }));

        Assert.Contains("Delivery:Route names thrid,", error.Message, StringComparison.Ordinal);
        Assert.Contains("first, second", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Last_call_goes_to_a_provider_that_works()
    {
        var providers = ProvidersOf([_first, _second]);
        Assert.Null(providers.TryEnter(Message, isRetry: true, isCritical: false, out var entry, isLastCall: true));
        Assert.Equal("first", entry?.Account.Name);
        await BreakAsync(providers.Accounts[0], _first);
        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.Null(providers.TryEnter(Message, isRetry: true, isCritical: false, out entry, isLastCall: true));
        Assert.Equal("second", entry?.Account.Name);
    }

    [Fact]
    public async Task Message_without_a_permit_waits_for_its_provider_and_takes_no_other()
    {
        var limited = new StubProvider("limited") { Limit = new(1, 1) };
        var permits = await Away.UntilLocalAsync(_replica, limited, _time);
        permits.TryTake(100, critical: true);

        Assert.Equal(
            new Obstacle(ObstacleKind.NoPermit) { Permits = permits },
            ProvidersOf([limited, _second]).TryEnter(Message, isRetry: false, isCritical: true, out _)
        );
    }

    private static string? Enter(ChannelProviders<SmsMessage> providers)
    {
        Assert.Null(providers.TryEnter(Message, isRetry: false, isCritical: false, out var entry));
        entry?.Account.Leave(entry.Value);
        return entry?.Account.Name;
    }
}
