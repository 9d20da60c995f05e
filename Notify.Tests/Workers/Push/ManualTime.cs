using System.Collections.Concurrent;

namespace Notify.Tests.Workers.Push;

/// <summary>A clock that moves when told to, and fires the timers that this makes due (each once).</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly ConcurrentDictionary<Timer, bool> _timers = new();
    private long _ticks = new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        var now = Interlocked.Add(ref _ticks, by.Ticks);
        foreach (var timer in _timers.Keys)
        {
            if (timer.Due <= now && _timers.TryRemove(timer, out _))
                timer.Fire();
        }
    }

    private sealed class Timer(ManualTime time, Action fire) : ITimer
    {
        public long Due { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time._timers.TryRemove(this, out _);
            if (dueTime < TimeSpan.Zero)
                return true; // never
            Due = time.GetTimestamp() + dueTime.Ticks;
            return time._timers.TryAdd(this, true);
        }

        public void Dispose() => time._timers.TryRemove(this, out _);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
