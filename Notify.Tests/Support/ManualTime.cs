using Microsoft.Extensions.Time.Testing;

namespace Notify.Tests.Support;

/// <summary>The tests' clock: it stands still until a test moves it, and timers that came due then fire at once.</summary>
internal sealed class ManualTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private int _pending;

    /// <summary>At noon of 21 November 2026.</summary>
    public ManualTime()
        : this(new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero)) { }

    public DateTimeOffset Now
    {
        get => GetUtcNow();
        set => SetUtcNow(value);
    }

    /// <summary>Timers that are still to fire: whoever waits for one has got so far.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>What comes in the place of every further timer, where a test wants one to fail.</summary>
    public Exception? TimerFault { get; set; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (TimerFault is { } fault)
            throw fault;
        var timer = new CountedTimer(this, callback, state);
        timer.Begin(base.CreateTimer(timer.Fire, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan), dueTime, period);
        return timer;
    }

    private sealed class CountedTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private ITimer? _timer;
        private bool _repeats;
        private int _armed;

        public void Begin(ITimer timer, TimeSpan dueTime, TimeSpan period)
        {
            _timer = timer;
            Change(dueTime, period);
        }

        public void Fire(object? _)
        {
            if (!_repeats)
                Arm(false);
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _repeats = period > TimeSpan.Zero;
            Arm(dueTime >= TimeSpan.Zero);
            return _timer!.Change(dueTime, period);
        }

        public void Dispose()
        {
            Arm(false);
            _timer!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(bool armed)
        {
            if (Interlocked.Exchange(ref _armed, armed ? 1 : 0) != (armed ? 1 : 0))
                Interlocked.Add(ref time._pending, armed ? 1 : -1);
        }
    }
}
