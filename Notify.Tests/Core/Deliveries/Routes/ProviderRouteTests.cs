using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Routes;
using Notify.Tests.Core.Limits;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Core.Deliveries.Routes;

public sealed class ProviderRouteTests : IAsyncLifetime
{
    private static readonly SmsMessage Message = new(Guid.Empty, "+15005550001", "text", DateTimeOffset.MaxValue);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly ManualTime _time = new();
    private readonly StubProvider _first = new("first");
    private readonly StubProvider _second = new("second");
    private Replica _replica = null!;

    public async ValueTask InitializeAsync() => _replica = await Replica.StartAsync(Away.Address, time: _time);

    public ValueTask DisposeAsync() => _replica.DisposeAsync();

    [Fact]
    public void First_in_order_takes_the_message()
    {
        var route = Route([_first, _second]);
        for (var i = 0; i < 100; i++)
            Assert.Equal("first", Enter(route));
    }

    [Fact]
    public async Task One_whose_breaker_is_open_is_passed_over_and_comes_back_after_its_time()
    {
        var route = Route([_first, _second]);
        await BreakAsync(route.Members[0], _first);

        for (var i = 0; i < 100; i++)
            Assert.Equal("second", Enter(route));
        Assert.Null(route.PausedUntil);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("first", Enter(route));
    }

    [Fact]
    public async Task Route_is_paused_until_the_first_of_its_providers_may_be_called()
    {
        var route = Route([_first, _second]);
        await PauseAsync(route.Members[0], _first, 60);
        Assert.Null(route.PausedUntil);
        await PauseAsync(route.Members[1], _second, 30);

        Assert.Equal(_time.GetUtcNow().AddSeconds(30), route.PausedUntil);
        var obstacle = route.TryEnter(Message, isRetry: false, isCritical: true, out var entry);
        Assert.Null(entry);
        Assert.Equal(new Obstacle(ObstacleKind.Paused, _time.GetUtcNow().AddSeconds(30)), obstacle);
        Assert.Equal(["throttled", "throttled"], route.Standing.Select(standing => standing.State));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("second", Enter(route));
    }

    [Fact]
    public async Task One_in_trouble_is_asked_after_the_healthy_one_and_still_every_twentieth_time()
    {
        var route = Route([_first, _second]);
        await CallAsync(route.Members[0], _first, new(OutcomeKind.Transient), times: 3);
        Assert.True(route.Members[0].IsTroubled);

        var asked = Enumerable.Range(0, 200).Select(_ => Enter(route)).ToList();

        Assert.Equal(10, asked.Count(name => name == "first"));
        for (var start = 0; start < 180; start++)
            Assert.Single(asked.Skip(start).Take(20), "first");
        await CallAsync(route.Members[0], _first, Outcome.Sent("id"), times: 10);
        Assert.Equal("first", Enter(route));
    }

    [Fact]
    public async Task Look_at_one_in_trouble_is_made_up_when_its_permits_have_come()
    {
        var limited = new StubProvider("limited") { Limit = new(100, 100) };
        var permits = await Away.UntilLocalAsync(_replica, limited, _time);
        var route = Route([limited, _second]);
        await CallAsync(route.Members[0], limited, new(OutcomeKind.Transient), times: 3);
        permits.TryTake(1_000, critical: true);
        for (var i = 0; i < 19; i++)
            Assert.Equal("second", Enter(route));

        Assert.Equal(new Obstacle(ObstacleKind.NoPermit, Permits: permits), route.TryEnter(Message, isRetry: false, isCritical: false, out _));
        for (var i = 0; i < 50; i++)
            Assert.Equal("second", Enter(route));   // nobody else waits for it
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("limited", Enter(route));
        for (var i = 0; i < 8; i++)
            Assert.Equal("second", Enter(route));
        Assert.Equal("limited", Enter(route));   // the eightieth
    }

    [Fact]
    public async Task One_in_trouble_takes_what_nobody_else_can()
    {
        var only = new StubProvider("only") { Carries = _ => false };
        var route = Route([_first, only]);
        await CallAsync(route.Members[0], _first, new(OutcomeKind.Transient), times: 3);

        for (var i = 0; i < 100; i++)
            Assert.Equal("first", Enter(route));
    }

    [Fact]
    public void Message_that_no_provider_carries_meets_no_obstacle_and_gets_no_entry()
    {
        var route = Route([new StubProvider { Carries = _ => false }]);

        Assert.Null(route.TryEnter(Message, isRetry: false, isCritical: false, out var entry));
        Assert.Null(entry);
    }

    [Fact]
    public void Configured_order_counts_and_who_is_not_in_it_is_not_asked()
    {
        Assert.Equal(["second", "first"], Route([_first, _second], new() { Route = ["second", "first", "second"] }).Members.Select(member => member.Name));
        Assert.Equal(["second"], Route([_first, _second], new() { Route = ["second"] }).Members.Select(member => member.Name));
    }

    [Fact]
    public void Unknown_name_in_the_order_is_an_error_that_tells_it_and_the_known_ones()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Route([_first, _second], new() { Route = ["first", "thrid"] }));

        Assert.Contains("Delivery:Route names thrid,", error.Message, StringComparison.Ordinal);
        Assert.Contains("first, second", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Provider_that_says_wait_rests_as_long_as_it_says_or_a_minute()
    {
        var member = Route([_first]).Members[0];
        await PauseAsync(member, _first, 17);
        Assert.Equal(_time.GetUtcNow().AddSeconds(17), member.PausedUntil);
        Assert.Equal(ProviderStanding.Throttled, member.Standing.State);
        _time.Advance(TimeSpan.FromSeconds(17));
        Assert.Null(member.PausedUntil);

        await CallAsync(member, _first, new(OutcomeKind.Throttled));

        Assert.Equal(_time.GetUtcNow().AddSeconds(60), member.PausedUntil);
    }

    [Fact]
    public async Task Wait_for_one_address_rests_nobody()
    {
        var member = Route([_first]).Members[0];

        await CallAsync(member, _first, new(OutcomeKind.Throttled, RetryAfter: TimeSpan.FromMinutes(5), ConcernsAddress: true), times: 20);

        Assert.Null(member.PausedUntil);
        Assert.False(member.IsTroubled);
    }

    [Fact]
    public async Task Fault_of_an_adapter_may_have_been_sent_and_its_message_is_not_kept()
    {
        var member = Route([_first]).Members[0];
        _first.Answer = (_, _) => throw new InvalidOperationException("could not write to +15005550001");
        var direct = await CallAsync(member);
        _first.Answer = async (_, _) =>
        {
            await Task.Yield();
            throw new TaskCanceledException("the client's own timeout");
        };
        var later = await CallAsync(member);

        Assert.Equal((OutcomeKind.Ambiguous, nameof(InvalidOperationException)), (direct.Kind, direct.Code));
        Assert.DoesNotContain("+1500", direct.Detail, StringComparison.Ordinal);
        Assert.Equal((OutcomeKind.Ambiguous, nameof(TaskCanceledException)), (later.Kind, later.Code));
    }

    [Fact]
    public async Task Call_that_takes_too_long_is_cut_off_and_may_have_been_sent()
    {
        var member = Route([_first]).Members[0];
        _first.Answer = async (_, cutOff) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cutOff);
            return Outcome.Sent("never");
        };
        var call = CallAsync(member);
        _time.Advance(Limit - TimeSpan.FromMilliseconds(1));
        Assert.False(call.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        var outcome = await call;

        Assert.Equal((OutcomeKind.Ambiguous, "timeout"), (outcome.Kind, outcome.Code));
    }

    [Fact]
    public async Task Provider_that_comes_back_gets_one_call_and_then_few()
    {
        var route = Route([_first]);
        var member = route.Members[0];
        await BreakAsync(member, _first);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(member.TryEnter(isRetry: true, isCritical: false, out var probe));
        Assert.True(probe.IsProbe);
        Assert.Equal(new Obstacle(ObstacleKind.Busy), member.TryEnter(isRetry: false, isCritical: true, out _));
        member.Leave(probe);
        Assert.Null(member.TryEnter(isRetry: false, isCritical: false, out probe));
        Assert.Equal(ProviderStanding.HalfOpen, member.Standing.State);

        _first.AnswerWith(Outcome.Sent("id"));
        Assert.Equal(OutcomeKind.Sent, (await member.CallAsync(probe, Message, Limit))?.Kind);

        Assert.False(member.IsTroubled);   // asked first again: the ramp is careful enough
        Assert.Equal(ProviderStanding.Closed, member.Standing.State);
        var entered = Enumerable.Range(0, 100).Count(_ => member.TryEnter(isRetry: false, isCritical: false, out var taken) is null && !taken.IsProbe);
        Assert.Equal(5, entered);   // the four that the ramp begins with, and one for the probe
    }

    [Fact]
    public async Task Last_call_is_not_spent_on_finding_out_unless_nobody_else_has_for_an_hour()
    {
        var member = Route([_first]).Members[0];
        await BreakAsync(member, _first);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(new Obstacle(ObstacleKind.Paused, _time.GetUtcNow().AddSeconds(60)), member.TryEnter(isRetry: true, isCritical: true, out _, isLastCall: true));
        Assert.Null(member.TryEnter(isRetry: true, isCritical: false, out var probe));
        _first.AnswerWith(new(OutcomeKind.Ambiguous, Code: "500"));
        await member.CallAsync(probe, Message, Limit);

        _time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));   // from the failed try on
        Assert.Equal(ObstacleKind.Paused, member.TryEnter(isRetry: true, isCritical: false, out _, isLastCall: true)?.Kind);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(member.TryEnter(isRetry: true, isCritical: false, out probe, isLastCall: true));
        Assert.True(probe.IsProbe);
    }

    [Fact]
    public async Task Last_call_goes_to_a_provider_that_works()
    {
        var route = Route([_first, _second]);
        Assert.Null(route.TryEnter(Message, isRetry: true, isCritical: false, out var entry, isLastCall: true));
        Assert.Equal("first", entry?.Member.Name);
        await BreakAsync(route.Members[0], _first);
        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.Null(route.TryEnter(Message, isRetry: true, isCritical: false, out entry, isLastCall: true));
        Assert.Equal("second", entry?.Member.Name);
    }

    [Fact]
    public async Task Retries_of_one_in_trouble_are_bounded_and_first_calls_are_not()
    {
        var member = Route([_first]).Members[0];
        await CallAsync(member, _first, new(OutcomeKind.Transient), times: 3);

        Assert.Equal(10, Enumerable.Range(0, 50).Count(_ => member.TryEnter(isRetry: true, isCritical: false, out var _) is null));
        Assert.Equal(new Obstacle(ObstacleKind.RetriesUsedUp), member.TryEnter(isRetry: true, isCritical: true, out _));
        Assert.Equal(50, Enumerable.Range(0, 50).Count(_ => member.TryEnter(isRetry: false, isCritical: false, out var _) is null));
        Assert.InRange(Enumerable.Range(0, 50).Count(_ => member.TryEnter(isRetry: true, isCritical: false, out var _) is null), 4, 5);
    }

    [Fact]
    public void Retries_of_one_that_is_well_are_not_bounded()
    {
        var member = Route([_first]).Members[0];

        Assert.All(Enumerable.Range(0, 500), _ => Assert.Null(member.TryEnter(isRetry: true, isCritical: false, out var _)));
    }

    [Fact]
    public async Task Message_without_a_permit_waits_for_its_provider_and_takes_no_other()
    {
        var limited = new StubProvider("limited") { Limit = new(1, 1) };
        var permits = await Away.UntilLocalAsync(_replica, limited, _time);
        permits.TryTake(100, critical: true);

        Assert.Equal(new Obstacle(ObstacleKind.NoPermit, Permits: permits), Route([limited, _second]).TryEnter(Message, isRetry: false, isCritical: true, out _));
    }

    [Fact]
    public async Task Permit_of_a_call_that_was_not_made_goes_back()
    {
        var limited = new StubProvider("limited") { Limit = new(1, 1) };
        await Away.UntilLocalAsync(_replica, limited, _time);
        _time.Advance(TimeSpan.FromMinutes(1));
        var member = Route([limited]).Members[0];
        Assert.Null(member.TryEnter(isRetry: false, isCritical: true, out var entry));
        Assert.Equal(ObstacleKind.NoPermit, member.TryEnter(isRetry: false, isCritical: true, out _)?.Kind);

        member.Leave(entry);

        Assert.Null(member.TryEnter(isRetry: false, isCritical: true, out _));
    }

    private ProviderRoute<SmsMessage> Route(StubProvider[] providers, DeliveryOptions? options = null) => new(providers, _replica.Limiters, Options.Create(options ?? new()), _time);

    private static string? Enter(ProviderRoute<SmsMessage> route)
    {
        Assert.Null(route.TryEnter(Message, isRetry: false, isCritical: false, out var entry));
        entry?.Member.Leave(entry.Value);
        return entry?.Member.Name;
    }

    private static async Task<Outcome> CallAsync(RouteMember<SmsMessage> member)
    {
        Assert.Null(member.TryEnter(isRetry: false, isCritical: false, out var entry));
        return (await member.CallAsync(entry, Message, Limit))!;
    }

    private static async Task CallAsync(RouteMember<SmsMessage> member, StubProvider provider, Outcome outcome, int times = 1)
    {
        provider.AnswerWith(outcome);
        for (var i = 0; i < times; i++)
            Assert.Equal(outcome, await CallAsync(member));
    }

    /// <summary>Refused credentials: a minute.</summary>
    private static Task BreakAsync(RouteMember<SmsMessage> member, StubProvider provider) => CallAsync(member, provider, new(OutcomeKind.Misconfigured), times: 2);

    private static Task PauseAsync(RouteMember<SmsMessage> member, StubProvider provider, int seconds) =>
        CallAsync(member, provider, new(OutcomeKind.Throttled, RetryAfter: TimeSpan.FromSeconds(seconds)));
}
