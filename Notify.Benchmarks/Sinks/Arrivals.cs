using System.Diagnostics;

namespace Notify.Benchmarks.Sinks;

/// <summary>
/// Which of so many numbered messages arrived, how often and when. Their addresses carry the number, so that a duplicate is a counter that
/// reaches two and nothing has to be looked up.
/// </summary>
internal sealed class Arrivals
{
    private const int FirstTime = 0;
    private const int Strangers = 1;
    private const int DistinctCount = 2;
    private const int Head = 3;
    private readonly int _expected;
    private readonly Memory<long> _cells; // the head, a time for each message, a count for each message

    public Arrivals(int expected)
        : this(expected, new long[CellsOf(expected)]) { }

    private Arrivals(int expected, Memory<long> cells) => (_expected, _cells) = (expected, cells);

    public int Expected => _expected;

    public int Distinct => (int)Volatile.Read(ref Cell(DistinctCount));

    /// <summary>Stopwatch time of the first; 0 before.</summary>
    public long First => Volatile.Read(ref Cell(FirstTime));

    /// <summary>Stopwatch time of the last that had not come before.</summary>
    public long Last => Times.ToArray().DefaultIfEmpty().Max();

    public int Duplicates => (int)Counts.ToArray().Sum(count => Math.Max(0, count - 1));

    private Span<long> Times => _cells.Span.Slice(Head, _expected);

    private Span<long> Counts => _cells.Span.Slice(Head + _expected, _expected);

    /// <summary>Kept in memory that another process may share: what arrives in one is seen by both.</summary>
    public static Arrivals In(SharedLongs memory, int expected) => new(expected, memory.Memory);

    /// <summary>How much memory so many messages take, in numbers of 64 bits.</summary>
    public static int CellsOf(int expected) => Head + 2 * expected;

    /// <summary>Stopwatch time at which a message first arrived; 0 where it has not.</summary>
    public long TimeOf(int number) => Volatile.Read(ref Times[number]);

    /// <summary>The times, longer than <paramref name="limit"/> each, in which no new message came between two that did.</summary>
    public IEnumerable<TimeSpan> PausesOver(TimeSpan limit)
    {
        var times = Times.ToArray().Where(time => time != 0).Order().ToArray();
        return times.Zip(times.Skip(1), Stopwatch.GetElapsedTime).Where(pause => pause > limit);
    }

    public void Arrived(int number)
    {
        var now = Stopwatch.GetTimestamp();
        if (First == 0)
            Interlocked.CompareExchange(ref Cell(FirstTime), now, 0);
        if ((uint)number >= (uint)_expected)
            Interlocked.Increment(ref Cell(Strangers));
        else if (Interlocked.Increment(ref Counts[number]) == 1)
        {
            Volatile.Write(ref Times[number], now);
            Interlocked.Increment(ref Cell(DistinctCount));
        }
    }

    /// <summary>What is wrong with what arrived; empty where each came exactly once.</summary>
    public IEnumerable<string> Faults()
    {
        if (Distinct < _expected)
            yield return $"{_expected - Distinct:N0} of {_expected:N0} messages did not arrive";
        if (Duplicates > 0)
            yield return $"{Duplicates:N0} duplicates arrived";
        if (Interlocked.Read(ref Cell(Strangers)) is > 0 and var strangers)
            yield return $"{strangers:N0} messages arrived that nobody expected";
    }

    private ref long Cell(int index) => ref _cells.Span[index];
}
