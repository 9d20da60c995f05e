using Notify.Sending.Providers;

namespace Notify.Tests.Sending.Providers;

/// <summary>How many calls a provider gets at a time after an outage. Nothing but refused credentials breaks it here.</summary>
public sealed class RecoveringProviderTests()
    : HealthTests(
        new()
        {
            SlowCall = SlowCall,
            MinimumCalls = 10_000,
            FailuresInARow = 10_000,
        }
    )
{
    private static readonly TimeSpan SlowCall = TimeSpan.FromSeconds(10);

    [Fact]
    public void Provider_that_is_well_gets_any_number_of_calls()
    {
        var entered = Enter(5_000);
        Assert.Equal(5_000, entered.Count);
        End(entered, Failed); // failures alone start no ramp: the breaker does
        Assert.Equal(HealthPhase.Closed, Phase);
        Assert.Equal(5_000, Enter(5_000).Count);
    }

    [Fact]
    public void Ramp_starts_at_four_and_doubles_with_each_round_that_succeeds_until_it_is_over()
    {
        Recover();
        for (var ceiling = 4; ceiling <= 512; ceiling *= 2)
        {
            Assert.Equal(HealthPhase.Recovering, Phase);
            var round = Enter(5_000);
            Assert.Equal(ceiling, round.Count);
            End(round, Sent);
        }

        Assert.Equal(HealthPhase.Closed, Phase);
        Assert.Equal(5_000, Enter(5_000).Count);
    }

    [Fact]
    public void Successes_that_come_before_slow_failures_open_nothing()
    {
        Recover();
        var failing = new List<CallPlace>();
        for (var i = 0; i < 3; i++) // each leaves one behind that does not answer
        {
            var entered = Enter(2);
            End(entered[..1], Sent);
            failing.AddRange(entered[1..]);
        }
        failing.AddRange(Enter(100));
        Assert.Equal(4, failing.Count);

        End(failing, Failed);
        Assert.Equal(2, Enter(100).Count); // two of the four in the first round failed
    }

    [Fact]
    public void While_one_call_of_a_round_is_slow_the_other_places_are_used_again()
    {
        Recover();
        var slow = Enter(1);
        for (var i = 0; i < 100; i++)
        {
            var others = Enter(100);
            Assert.Equal(3, others.Count);
            End(others, Sent);
        }

        End(slow, Sent);
        Assert.Equal(8, Enter(100).Count);
    }

    [Fact]
    public void Slow_call_counts_as_failed_and_holds_nobody_up()
    {
        Recover();
        End(Enter(4), Sent);
        var round = Enter(8);
        End(round[3..], Sent);

        _time.Advance(SlowCall);
        Assert.Equal(5, Enter(100).Count); // the five places of those that ended
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Empty(Enter(100)); // three of eight are too many failures: four at a time, and eight are under way

        End(round[..3], Sent); // that comes too late to say anything
        Assert.Empty(Enter(100));
    }

    [Theory]
    [InlineData(4, 3)]
    [InlineData(2, 1)]
    [InlineData(1, 1)]
    public void Place_is_kept_for_critical_messages_where_there_is_more_than_one(int ceiling, int others)
    {
        Recover();
        for (var now = 4; now > ceiling; now /= 2)
            End(Enter(now), Failed);

        Assert.Equal(others, Enter(100, critical: false).Count);
        Assert.Equal(ceiling - others, Enter(100).Count);
    }

    [Fact]
    public void Round_that_fails_halves_it_and_one_call_always_remains()
    {
        Recover();
        foreach (var ceiling in new[] { 4, 2, 1, 1 })
        {
            var round = Enter(100);
            Assert.Equal(ceiling, round.Count);
            End(round, Failed);
        }
    }

    [Theory]
    [InlineData(1, 32)] // 6 %
    [InlineData(2, 16)] // 12 %
    [InlineData(4, 16)] // 25 %
    [InlineData(5, 8)] // 31 %
    public void Ramp_grows_with_few_failures_stays_with_some_and_shrinks_with_many(int failures, int next)
    {
        Recover();
        End(Enter(4), Sent);
        End(Enter(8), Sent);

        var round = Enter(16);
        End(round[failures..], Sent);
        End(round[..failures], Failed);

        Assert.Equal(next, Enter(100).Count);
    }

    [Fact]
    public void What_was_not_called_proves_nothing()
    {
        Recover();
        for (var i = 0; i < 1_000; i++)
            GiveUp(Enter(1));

        End(Enter(4), Sent);
        Assert.Equal(8, Enter(100).Count);
    }

    [Fact]
    public void Calls_from_before_it_started_take_their_places_and_say_nothing_of_it()
    {
        var before = Enter(3);
        Recover();
        var first = Enter(100);
        Assert.Single(first);

        End(before, Failed);
        End(first, Sent);
        End(Enter(3), Sent);
        Assert.Equal(8, Enter(100).Count);
    }

    [Fact]
    public void Calls_of_an_earlier_ramp_say_nothing_of_the_next()
    {
        Recover();
        var earlier = Enter(2);
        Recover();
        End(earlier, Failed);

        End(Enter(4), Sent);
        Assert.Equal(8, Enter(100).Count);
    }

    private void GiveUp(List<CallPlace> places) => places.ForEach(place => _health.GiveUp(place));
}
