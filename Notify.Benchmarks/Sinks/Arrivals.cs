using System.Diagnostics;

namespace Notify.Benchmarks.Sinks;

/// <summary>
/// Which of so many numbered messages arrived, how often and when. Their addresses carry the number, so that a duplicate is a counter that
/// reaches two and nothing has to be looked up.
/// </summary>
internal sealed class Arrivals(int expected)
{
    private readonly int[] _counts = new int[expected];
    private readonly long[] _times = new long[expected];
    private long _first;
    private long _strangers;
    private int _distinct;

    public int Expected => expected;

    public int Distinct => Volatile.Read(ref _distinct);

    /// <summary>Stopwatch time of the first; 0 before.</summary>
    public long First => Volatile.Read(ref _first);

    /// <summary>Stopwatch time of the last that had not come before.</summary>
    public long Last => _times.Max();

    public int Duplicates => _counts.Sum(count => Math.Max(0, count - 1));

    /// <summary>Stopwatch time at which a message first arrived; 0 where it has not.</summary>
    public long TimeOf(int number) => Volatile.Read(ref _times[number]);

    /// <summary>The times, longer than <paramref name="limit"/> each, in which no new message came between two that did.</summary>
    public IEnumerable<TimeSpan> PausesOver(TimeSpan limit)
    {
        var times = _times.Where(time => time != 0).Order().ToArray();
        return times.Zip(times.Skip(1), Stopwatch.GetElapsedTime).Where(pause => pause > limit);
    }

    public void Arrived(int number)
    {
        var now = Stopwatch.GetTimestamp();
        Interlocked.CompareExchange(ref _first, now, 0);
        if ((uint)number >= (uint)expected)
            Interlocked.Increment(ref _strangers);
        else if (Interlocked.Increment(ref _counts[number]) == 1)
        {
            Volatile.Write(ref _times[number], now);
            Interlocked.Increment(ref _distinct);
        }
    }

    /// <summary>What is wrong with what arrived; empty where each came exactly once.</summary>
    public IEnumerable<string> Faults()
    {
        if (Distinct < expected)
            yield return $"{expected - Distinct:N0} of {expected:N0} messages did not arrive";
        if (Duplicates > 0)
            yield return $"{Duplicates:N0} duplicates arrived";
        if (Interlocked.Read(ref _strangers) is > 0 and var strangers)
            yield return $"{strangers:N0} messages arrived that nobody expected";
    }
}
