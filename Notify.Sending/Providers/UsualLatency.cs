namespace Notify.Sending.Providers;

/// <summary>
/// Learns how long a provider usually takes to answer, and from when on a call to it is overdue: three times as long as 99 of its last
/// 100 answers took, but never sooner than a second. Latency that rises is learned with the first few answers that take so long, and
/// forgotten after some hundred that do not. No clock, no lock: the caller has both.
/// </summary>
/// <param name="longest">From when on a call is overdue whatever is usual.</param>
internal sealed class UsualLatency(TimeSpan longest)
{
    /// <summary>With fewer answers nothing is known.</summary>
    internal const int Enough = 50;

    // Answers of which nothing is learned: connections are made, and the process compiles. At a high rate twenty are over in no time, and a
    // few slow ones among the next hundred would triple the bound for a minute.
    private const int Cold = 20;
    internal static readonly TimeSpan ColdFor = TimeSpan.FromSeconds(5);
    private const int Remembered = 400; // answers; then what is known counts half
    private const int Times = 3;
    private const double Step = 1.25; // from one class of latencies to the next
    private const int Classes = 40; // the last one from ten minutes on
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private readonly int[] _answers = new int[Classes];
    private TimeSpan? _firstAt;
    private long _seen;
    private int _all;

    /// <summary>How long a call may take before it is overdue; null while too little is known.</summary>
    public TimeSpan? Bound { get; private set; }

    /// <summary>A call was answered.</summary>
    public void Answered(TimeSpan took, TimeSpan now)
    {
        _firstAt ??= now;
        if (++_seen <= Cold || now - _firstAt < ColdFor)
            return;
        _answers[ClassOf(took)]++;
        if (++_all >= Remembered)
            CountHalf();
        if (_all >= Enough - Cold)
            Bound = Limited(Times * Percentile99());
    }

    private TimeSpan Percentile99()
    {
        var above = 0;
        var at = Classes - 1;
        while (at > 0 && (above + _answers[at]) * 100 <= _all)
            above += _answers[at--];
        return First * Math.Pow(Step, at);
    }

    private void CountHalf()
    {
        _all = 0;
        for (var i = 0; i < Classes; i++)
            _all += _answers[i] /= 2;
    }

    private TimeSpan Limited(TimeSpan bound)
    {
        if (bound < Shortest)
            bound = Shortest;
        return bound < longest ? bound : longest;
    }

    private static int ClassOf(TimeSpan took) =>
        took <= First ? 0 : Math.Min((int)Math.Ceiling(Math.Log(took / First) / Math.Log(Step)), Classes - 1);
}
