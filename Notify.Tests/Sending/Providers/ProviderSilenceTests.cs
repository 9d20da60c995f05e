using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Tests.Sending.Providers;

/// <summary>When a provider counts as fallen silent, and when as answering again. Slow calls do not break it here.</summary>
public sealed class ProviderSilenceTests() : HealthTests(new() { SlowCall = TimeSpan.FromSeconds(10), MinimumCalls = 10_000 })
{
    private static readonly Outcome s_lost = new(OutcomeKind.Ambiguous, Code: "timeout");

    [Fact]
    public void Several_calls_that_nobody_answers_make_it_silent_after_a_second_and_the_first_answer_ends_that()
    {
        Learn(milliseconds: 50);
        var calls = Begin(3);
        Pass(0.9);
        Assert.False(_health.IsSilent);

        Pass(0.2);

        Assert.True(_health.IsSilent);
        Assert.Equal(1, Told); // whoever waits for room hears of it without an event of its own
        Assert.False(End(calls[0], s_lost));
        Assert.True(_health.IsSilent);
        Assert.True(End(calls[1], Sent)); // and others are to hear of it
        Assert.False(_health.IsSilent);
    }

    [Fact]
    public void Cold_start_is_not_judged()
    {
        Learn(milliseconds: 50, count: UsualLatency.Enough - 1);
        Begin(100);

        Pass(9.9);

        Assert.False(_health.IsSilent);
    }

    [Fact]
    public void Two_calls_may_be_overdue()
    {
        Learn(milliseconds: 50);
        Begin(2);
        Pass(5);
        Assert.False(_health.IsSilent);
        Begin(1);

        Pass(1.1);

        Assert.True(_health.IsSilent);
    }

    [Fact]
    public void One_that_answers_most_of_its_calls_is_not_silent_though_a_tenth_of_them_hang()
    {
        Learn(milliseconds: 50);
        for (var second = 0; second < 60; second++)
        {
            var calls = Begin(10);
            Pass(0.05);
            foreach (var call in calls.Skip(1))
                End(call, Sent);
            Pass(0.95);
            Assert.False(_health.IsSilent);
        }
        Assert.Equal(0, Told);
    }

    /// <summary>
    /// Twenty calls a second whose latency rises at once: it may count as silent once, until the first answers have come.
    /// </summary>
    [Theory]
    [InlineData(0.9, 0)]
    [InlineData(3, 1)]
    [InlineData(8, 1)]
    public void One_that_becomes_slow_does_not_flap(double seconds, int silences)
    {
        Learn(milliseconds: 50);
        var open = new Queue<((CallPlace, int) Call, long At)>();
        var seen = 0;
        var was = false;
        for (var tick = 0; tick < 20 * 60; tick++)
        {
            if (_health.TryEnter(isCritical: false, out var place))
                open.Enqueue(((place, _health.TryBegin(place)!.Value), _time.GetTimestamp()));
            Pass(0.05);
            while (open.TryPeek(out var next) && _time.GetElapsedTime(next.At).TotalSeconds >= seconds)
                End(open.Dequeue().Call, Sent);
            seen += _health.IsSilent && !was ? 1 : 0;
            was = _health.IsSilent;
        }

        Assert.Equal(silences, seen);
    }

    [Fact]
    public void While_it_is_silent_calls_are_few_and_one_is_made_every_five_seconds()
    {
        FallSilent();
        Assert.True(_health.IsAvoided);
        Assert.InRange(_health.View.UntilTry!.Value, TimeSpan.Zero, Silence.TryEvery); // since it fell silent
        var places = Enter(100);
        Assert.Equal(Silence.Few, places.Count);

        End([places[0]], s_lost);

        Assert.Single(Enter(100));
        Pass(5);
        Assert.False(_health.IsAvoided);
        var due = Assert.Single(Enter(100));
        Assert.True(_health.IsAvoided);
        _health.GiveUp(due);
        Assert.False(_health.IsAvoided); // nobody has tried
    }

    [Fact]
    public void Right_of_an_earlier_silence_takes_no_place_of_a_later_one()
    {
        FallSilent();
        var early = Assert.Single(Enter(1));
        var answered = Assert.Single(Enter(1));
        End([answered], Sent);
        Assert.Equal(0, Assert.Single(Enter(1)).Silence);
        FallSilent();

        End([early], s_lost);

        Assert.Equal(Silence.Few, Enter(10).Count);
    }

    private void FallSilent()
    {
        Learn(milliseconds: 50);
        Begin(RunningCalls.Several);
        Pass(1.1);
        Assert.True(_health.IsSilent);
    }

    private void Learn(int milliseconds, int count = 100)
    {
        for (var i = 0; i < count; i++)
        {
            var call = Begin(1);
            Pass(milliseconds / 1_000d);
            End(call[0], Sent);
            if (i == 0)
                Pass(UsualLatency.ColdFor.TotalSeconds);
        }
        Told = 0;
    }

    private List<(CallPlace Place, int Call)> Begin(int count) => Enter(count).ConvertAll(place => (place, _health.TryBegin(place)!.Value));

    /// <summary>Whether others are to look again.</summary>
    private bool End((CallPlace Place, int Call) call, Outcome outcome)
    {
        _health.End(call.Place, call.Call, outcome, out var frees);
        return frees;
    }
}
