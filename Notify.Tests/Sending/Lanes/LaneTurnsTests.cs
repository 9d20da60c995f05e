using Notify.Tests.Sending.Providers;

namespace Notify.Tests.Sending.Lanes;

/// <summary>Who gets the permits of a provider: each tenant its part, whether they come one by one, some at a time or without a
/// limit.</summary>
public sealed class LaneTurnsTests(LocalLimits limits) : IClassFixture<LocalLimits>
{
    private readonly LookingLane _lane = new(limits);

    /// <summary>Messages a second: of a long code, of a sandboxed mail account and of a short code, and no limit at all.</summary>
    public static TheoryData<int?> Rates => [1, 14, 100, (int?)null];

    [Theory]
    [MemberData(nameof(Rates))]
    public async Task Tenant_with_thousands_waiting_costs_those_with_one_each_a_turn(int? perSecond)
    {
        await _lane.StartAsync(perSecond);
        _lane.Add("big", 4_000);
        await _lane.SendAsync(10);
        var before = _lane.Sent.Count;
        foreach (var small in Enumerable.Range(0, 5))
            _lane.Add($"small{small}", 1);

        await _lane.SendAsync(11);

        Assert.Equal(5, _lane.Sent.Skip(before).Take(11).Count(job => job.Key.Tenant != "big"));
        _lane.AssertOrder();
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public async Task Tenants_with_a_few_waiting_at_all_times_fare_alike(int? perSecond)
    {
        await _lane.StartAsync(perSecond);
        foreach (var tenant in (string[])["a", "b", "c"])
            _lane.Add(tenant, 5);

        await _lane.SendAsync(300, after: sent => sent.ForEach(job => _lane.Add(job.Key.Tenant, 1)));

        Assert.All(_lane.Shares(300), share => Assert.InRange(share.Value, 98, 102));
        _lane.AssertOrder();
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public async Task Tenant_gets_as_much_as_its_weight_says(int? perSecond)
    {
        await _lane.StartAsync(perSecond);
        _lane.Add("a", 500);
        _lane.Add("b", 500);
        _lane.Add("heavy", 500, weight: 8);

        await _lane.SendAsync(400);

        var shares = _lane.Shares(400);
        Assert.Equal((40, 40, 320), (shares["a"], shares["b"], shares["heavy"]));
        _lane.AssertOrder();
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public async Task Tenant_that_comes_after_the_others_gets_its_part_at_once(int? perSecond)
    {
        await _lane.StartAsync(perSecond);
        _lane.Add("a", 2_000);
        _lane.Add("b", 2_000);
        await _lane.SendAsync(100);
        var before = _lane.Sent.Count;
        _lane.Add("late", 10);

        await _lane.SendAsync(32);

        Assert.Equal(10, _lane.Sent.Skip(before).Take(32).Count(job => job.Key.Tenant == "late"));
        _lane.AssertOrder();
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public async Task Persons_messages_go_in_their_order_and_cost_no_turn_while_they_wait_for_each_other(int? perSecond)
    {
        await _lane.StartAsync(perSecond);
        _lane.Add("a", 300, person: i => $"p{i % 3}");
        _lane.Add("b", 300);

        await _lane.SendAsync(200);

        if (perSecond is not null) // else a person's own messages are what holds the next one back
            Assert.All(_lane.Shares(200), share => Assert.InRange(share.Value, 95, 105));
        foreach (var person in _lane.Sent.GroupBy(job => job.Person))
            Assert.Equal(_lane.Added.Where(job => job.Person == person.Key).Take(person.Count()), person);
    }

    [Fact]
    public async Task Permit_that_comes_during_a_look_is_for_whoever_was_first_to_ask()
    {
        var ticks = false;
        await _lane.StartAsync(1, carries: _ =>
        {
            if (ticks)
                limits.Time.Advance(TimeSpan.FromMilliseconds(400));
            return true;
        });
        _lane.Add("first", 1);
        _lane.Add("second", 1);
        _lane.Add("third", 1);
        ticks = true;

        while (_lane.Sent.Count < 3)
            await _lane.LookAsync();

        Assert.Equal(["first", "second", "third"], _lane.Sent.Select(job => job.Key.Tenant));
    }

    [Fact]
    public async Task More_tenants_of_a_slow_provider_than_a_look_goes_past_do_not_hide_those_of_another()
    {
        var slow = new StubProvider("slow")
        {
            Limit = new(1, 1),
            Carries = target => target.Address.StartsWith("slow", StringComparison.Ordinal),
        };
        var quick = new StubProvider("quick") { Carries = target => target.Address.StartsWith("quick", StringComparison.Ordinal) };
        await _lane.StartOnAsync([slow, quick]);
        foreach (var tenant in Enumerable.Range(0, 1_500))
            _lane.Add($"s{tenant}", 1, person: i => $"slow{i}");
        _lane.Add("q", 1, person: i => $"quick{i}");

        await _lane.LookAsync();
        await _lane.LookAsync();

        Assert.Contains(_lane.Sent, job => job.Key.Tenant == "q");
    }

    [Fact]
    public async Task Tenants_of_a_slow_provider_take_turns_while_others_pass_them()
    {
        var slow = new StubProvider("slow")
        {
            Limit = new(1, 1),
            Carries = target => target.Address.StartsWith("slow", StringComparison.Ordinal),
        };
        var quick = new StubProvider("quick") { Carries = target => target.Address.StartsWith("quick", StringComparison.Ordinal) };
        await _lane.StartOnAsync([slow, quick]);
        _lane.Add("a", 400, person: i => $"slow{i}");
        _lane.Add("b", 400, person: i => $"slow{i}");
        _lane.Add("c", 400, person: i => $"quick{i}");
        _lane.Add("d", 20, person: i => $"slow{i}");

        await _lane.SendAsync(400 + 60);

        Assert.All(_lane.Shares(400 + 60), share => Assert.InRange(share.Value, share.Key == "c" ? 400 : 19, share.Key == "c" ? 400 : 21));
        _lane.AssertOrder();
    }
}
