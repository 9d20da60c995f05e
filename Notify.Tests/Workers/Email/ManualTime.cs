namespace Notify.Tests.Workers.Email;

/// <summary>Time that stands still until a test moves it; timers that came due then fire at once.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private TimeSpan _elapsed;

    /// <summary>Timers that are still to fire.</summary>
    public int Pending
    {
        get
        {
            lock (_lock)
                return _timers.Count(timer => timer.IsDue(TimeSpan.MaxValue));
        }
    }

    /// <summary>What comes in the place of every further timer, where a test wants one to fail.</summary>
    public Exception? TimerFault { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_lock)
            return _elapsed.Ticks;
    }

    public override DateTimeOffset GetUtcNow() =>
        new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero) + TimeSpan.FromTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (TimerFault is { } fault)
            throw fault;
        var timer = new ManualTimer(this, () => callback(state), period);
        timer.Change(dueTime, period);
        lock (_lock)
            _timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        ManualTimer[] due;
        lock (_lock)
        {
            _elapsed += by;
            due = [.. _timers.Where(timer => timer.IsDue(_elapsed))];
        }

        foreach (var timer in due)
            timer.Fire();
    }

    private sealed class ManualTimer(ManualTime time, Action callback, TimeSpan period) : ITimer
    {
        private TimeSpan _period = period;
        private TimeSpan? _due;

        public bool IsDue(TimeSpan now) => _due <= now;

        public void Fire()
        {
            _due = _period > TimeSpan.Zero ? TimeSpan.FromTicks(time.GetTimestamp()) + _period : null;
            callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            _due = dueTime < TimeSpan.Zero ? null : TimeSpan.FromTicks(time.GetTimestamp()) + dueTime;
            return true;
        }

        public void Dispose()
        {
            _due = null;
            lock (time._lock)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
