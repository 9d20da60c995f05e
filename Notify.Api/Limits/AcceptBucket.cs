namespace Notify.Api.Limits;

/// <summary>
/// A token bucket in one number, the time at which it will be full again: taking moves it ahead, time passes by itself. No lock: a taker
/// that another one overtook looks again.
/// </summary>
internal sealed class AcceptBucket
{
    private long _fullAt; // ns

    /// <summary>Takes what is asked for, or nothing: then how long to wait for it.</summary>
    /// <param name="pace">What a permit costs, and how many there are at most.</param>
    /// <param name="count">Permits; more than there are at most may be taken from a full bucket, which then owes them.</param>
    /// <param name="now">In ns.</param>
    public TimeSpan Take(AcceptPace pace, int count, long now)
    {
        while (true)
        {
            var fullAt = Volatile.Read(ref _fullAt);
            if (WaitOf(pace, count, fullAt, now) is var wait && wait > TimeSpan.Zero)
                return wait;
            if (Interlocked.CompareExchange(ref _fullAt, Math.Max(fullAt, now) + pace.CostOf(count), fullAt) == fullAt)
                return TimeSpan.Zero;
        }
    }

    /// <summary>As <see cref="Take"/>, and takes nothing.</summary>
    public TimeSpan WaitFor(AcceptPace pace, int count, long now) => WaitOf(pace, count, Volatile.Read(ref _fullAt), now);

    /// <summary>What was taken a moment ago and is not used after all.</summary>
    public void Return(AcceptPace pace, int count) => Interlocked.Add(ref _fullAt, -pace.CostOf(count));

    /// <summary>Whole permits that are there.</summary>
    public int Left(AcceptPace pace, long now) => (int)Math.Max(0, (pace.CostOf(pace.Most) - UntilFull(now).Ticks * 100) / pace.CostOf(1));

    public TimeSpan UntilFull(long now) => Span(Math.Max(0, Volatile.Read(ref _fullAt) - now));

    private static TimeSpan WaitOf(AcceptPace pace, int count, long fullAt, long now) =>
        Span(fullAt + pace.CostOf(Math.Min(count, pace.Most)) - pace.CostOf(pace.Most) - now);

    /// <summary>Rounded up: too short a wait would be no help.</summary>
    private static TimeSpan Span(long nanoseconds) => nanoseconds <= 0 ? TimeSpan.Zero : TimeSpan.FromTicks((nanoseconds + 99) / 100);
}
