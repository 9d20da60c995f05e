using Notify.Sending.Providers;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Sending.Providers;

public sealed class RampTests
{
    private static readonly TimeSpan SlowCall = TimeSpan.FromSeconds(10);
    private readonly ManualTime _time = new();
    private readonly Ramp _ramp;

    public RampTests() => _ramp = new(SlowCall, _time);

    [Fact]
    public void Provider_that_is_well_gets_any_number_of_calls()
    {
        var entered = Enter(5_000);
        Assert.Equal(5_000, entered.Count);
        Leave(entered, succeeded: false); // failures alone start no ramp: the breaker does
        Assert.False(_ramp.IsActive);
        Assert.Equal(5_000, Enter(5_000).Count);
    }

    [Fact]
    public void Ramp_starts_at_four_and_doubles_with_each_round_that_succeeds_until_it_is_over()
    {
        _ramp.Start();
        for (var ceiling = 4; ceiling <= 512; ceiling *= 2)
        {
            Assert.True(_ramp.IsActive);
            var round = Enter(5_000);
            Assert.Equal(ceiling, round.Count);
            Leave(round, succeeded: true);
        }

        Assert.False(_ramp.IsActive);
        Assert.Equal(5_000, Enter(5_000).Count);
    }

    [Fact]
    public void Successes_that_come_before_slow_failures_open_nothing()
    {
        _ramp.Start();
        var failing = new List<int>();
        for (var i = 0; i < 3; i++) // each leaves one behind that does not answer
        {
            var entered = Enter(2);
            Leave(entered[..1], succeeded: true);
            failing.AddRange(entered[1..]);
        }
        failing.AddRange(Enter(100));
        Assert.Equal(4, failing.Count);

        Leave(failing, succeeded: false);
        Assert.Equal(2, Enter(100).Count); // two of the four in the first round failed
    }

    [Fact]
    public void While_one_call_of_a_round_is_slow_the_other_places_are_used_again()
    {
        _ramp.Start();
        var slow = Enter(1);
        for (var i = 0; i < 100; i++)
        {
            var others = Enter(100);
            Assert.Equal(3, others.Count);
            Leave(others, succeeded: true);
        }

        Leave(slow, succeeded: true);
        Assert.Equal(8, Enter(100).Count);
    }

    [Fact]
    public void Slow_call_counts_as_failed_and_holds_nobody_up()
    {
        _ramp.Start();
        Leave(Enter(4), succeeded: true);
        var round = Enter(8);
        Leave(round[3..], succeeded: true);

        _time.Advance(SlowCall);
        Assert.Equal(5, Enter(100).Count); // the five places of those that ended
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Empty(Enter(100)); // three of eight are too many failures: four at a time, and eight are under way

        Leave(round[..3], succeeded: true); // that comes too late to say anything
        Assert.Empty(Enter(100));
    }

    [Theory]
    [InlineData(4, 3)]
    [InlineData(2, 1)]
    [InlineData(1, 1)]
    public void Place_is_kept_for_critical_messages_where_there_is_more_than_one(int ceiling, int others)
    {
        _ramp.Start();
        for (var now = 4; now > ceiling; now /= 2)
            Leave(Enter(now), succeeded: false);

        Assert.Equal(others, Enter(100, critical: false).Count);
        Assert.Equal(ceiling - others, Enter(100).Count);
    }

    [Fact]
    public void Round_that_fails_halves_it_and_one_call_always_remains()
    {
        _ramp.Start();
        foreach (var ceiling in new[] { 4, 2, 1, 1 })
        {
            var round = Enter(100);
            Assert.Equal(ceiling, round.Count);
            Leave(round, succeeded: false);
        }
    }

    [Theory]
    [InlineData(1, 32)] // 6 %
    [InlineData(2, 16)] // 12 %
    [InlineData(4, 16)] // 25 %
    [InlineData(5, 8)] // 31 %
    public void Ramp_grows_with_few_failures_stays_with_some_and_shrinks_with_many(int failures, int next)
    {
        _ramp.Start();
        Leave(Enter(4), succeeded: true);
        Leave(Enter(8), succeeded: true);

        var round = Enter(16);
        Leave(round[failures..], succeeded: true);
        Leave(round[..failures], succeeded: false);

        Assert.Equal(next, Enter(100).Count);
    }

    [Fact]
    public void What_was_not_called_proves_nothing()
    {
        _ramp.Start();
        for (var i = 0; i < 1_000; i++)
            Leave(Enter(1), succeeded: null);

        Leave(Enter(4), succeeded: true);
        Assert.Equal(8, Enter(100).Count);
    }

    [Fact]
    public void Calls_from_before_it_started_take_their_places_and_say_nothing_of_it()
    {
        var before = Enter(3);
        _ramp.Start();
        var first = Enter(100);
        Assert.Single(first);

        Leave(before, succeeded: false);
        Leave(first, succeeded: true);
        Leave(Enter(3), succeeded: true);
        Assert.Equal(8, Enter(100).Count);
    }

    [Fact]
    public void Calls_of_an_earlier_ramp_say_nothing_of_the_next()
    {
        _ramp.Start();
        var earlier = Enter(2);
        _ramp.Start();
        Leave(earlier, succeeded: false);

        Leave(Enter(4), succeeded: true);
        Assert.Equal(8, Enter(100).Count);
    }

    private List<int> Enter(int tries, bool critical = true)
    {
        var rounds = new List<int>();
        for (var i = 0; i < tries && _ramp.TryEnter(critical, out var round); i++)
            rounds.Add(round);
        return rounds;
    }

    private void Leave(List<int> rounds, bool? succeeded)
    {
        foreach (var round in rounds)
            _ramp.Leave(round, succeeded);
    }
}
