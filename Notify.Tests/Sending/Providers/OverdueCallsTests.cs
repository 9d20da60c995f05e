using Notify.Sending.Providers;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Sending.Providers;

/// <summary>When a provider counts as fallen silent, and when as answering again.</summary>
public sealed class OverdueCallsTests
{
    private static readonly TimeSpan SlowCall = TimeSpan.FromSeconds(10);
    private readonly ManualTime _time = new();
    private readonly OverdueCalls _calls;
    private int _changes;

    public OverdueCallsTests() => _calls = new(SlowCall, _time, () => _changes++);

    [Fact]
    public void Several_calls_that_nobody_answers_make_it_silent_after_a_second_and_the_first_answer_ends_that()
    {
        Learn(milliseconds: 50);
        var calls = Begin(3);
        Pass(0.9);
        Assert.False(_calls.IsSilent);

        Pass(0.2);

        Assert.True(_calls.IsSilent);
        Assert.Equal(1, _changes); // whoever waits for room hears of it without an event of its own
        _calls.End(calls[0], answered: false);
        Assert.True(_calls.IsSilent);
        _calls.End(calls[1], answered: true);
        Assert.False(_calls.IsSilent);
        Assert.Equal(2, _changes);
    }

    [Fact]
    public void Cold_start_is_not_judged()
    {
        Learn(milliseconds: 50, count: UsualLatency.Enough - 1);
        Begin(100);

        Pass(9.9);

        Assert.False(_calls.IsSilent);
    }

    [Fact]
    public void Two_calls_may_be_overdue()
    {
        Learn(milliseconds: 50);
        Begin(2);
        Pass(5);
        Assert.False(_calls.IsSilent);
        Begin(1);

        Pass(1.1);

        Assert.True(_calls.IsSilent);
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
                _calls.End(call, answered: true);
            Pass(0.95);
            Assert.False(_calls.IsSilent);
        }
        Assert.Equal(0, _changes);
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
        var open = new Queue<(LinkedListNode<RunningCall> Call, long At)>();
        var seen = 0;
        var was = false;
        for (var tick = 0; tick < 20 * 60; tick++)
        {
            if (_calls.TryEnter(out _))
                open.Enqueue((_calls.Begin(), _time.GetTimestamp()));
            Pass(0.05);
            while (open.TryPeek(out var next) && _time.GetElapsedTime(next.At).TotalSeconds >= seconds)
                _calls.End(open.Dequeue().Call, answered: true);
            seen += _calls.IsSilent && !was ? 1 : 0;
            was = _calls.IsSilent;
        }

        Assert.Equal(silences, seen);
    }

    [Fact]
    public void While_it_is_silent_calls_are_few_and_one_is_made_every_five_seconds()
    {
        FallSilent();
        Assert.True(_calls.IsAvoided);
        Assert.InRange(_calls.NextTry!.Value, _time.GetUtcNow(), _time.GetUtcNow() + OverdueCalls.TryEvery); // since it fell silent
        var silences = new List<int>();
        while (_calls.TryEnter(out var silence))
            silences.Add(silence);
        Assert.Equal(OverdueCalls.Few, silences.Count);

        _calls.Leave(silences[0], called: true);

        Assert.True(_calls.TryEnter(out _));
        Assert.False(_calls.TryEnter(out _));
        Pass(5);
        Assert.False(_calls.IsAvoided);
        Assert.True(_calls.TryEnter(out var due));
        Assert.True(_calls.IsAvoided);
        Assert.False(_calls.TryEnter(out _));
        _calls.Leave(due, called: false);
        Assert.False(_calls.IsAvoided); // nobody has tried
    }

    [Fact]
    public void Right_of_an_earlier_silence_takes_no_place_of_a_later_one()
    {
        FallSilent();
        Assert.True(_calls.TryEnter(out var early));
        _calls.End(_calls.Begin(), answered: true);
        Assert.True(_calls.TryEnter(out var none));
        Assert.Equal(0, none);
        FallSilent();

        _calls.Leave(early, called: true);

        Assert.Equal(OverdueCalls.Few, Enumerable.Range(0, 10).Count(_ => _calls.TryEnter(out var _)));
    }

    private void FallSilent()
    {
        Learn(milliseconds: 50);
        Begin(OverdueCalls.Several);
        Pass(1.1);
        Assert.True(_calls.IsSilent);
    }

    private void Learn(int milliseconds, int count = 100)
    {
        for (var i = 0; i < count; i++)
        {
            var call = _calls.Begin();
            Pass(milliseconds / 1_000d);
            _calls.End(call, answered: true);
        }
        _changes = 0;
    }

    private List<LinkedListNode<RunningCall>> Begin(int count) => [.. Enumerable.Range(0, count).Select(_ => _calls.Begin())];

    /// <summary>In steps, as a clock runs: a timer fires when it is due.</summary>
    private void Pass(double seconds)
    {
        var end = _time.GetTimestamp() + TimeSpan.FromSeconds(seconds).Ticks;
        while (end - _time.GetTimestamp() is > 0 and var left)
            _time.Advance(TimeSpan.FromTicks(Math.Min(left, TimeSpan.TicksPerMillisecond * 50)));
    }
}
