using Notify.Core.Deliveries;

namespace Notify.Sending.Providers;

/// <summary>How a provider has been doing: moving averages of failures and of time taken, each call weighing a twentieth.</summary>
internal sealed class ProviderCondition(TimeSpan slowCall, TimeProvider time)
{
    private const double Weight = 0.05;
    private const double TroubledFrom = 0.1;
    private readonly Lock _lock = new();
    private double _failures;
    private double _seconds;
    private long? _backSince;

    /// <summary>More than a tenth of the calls fail, or they take longer than half of what counts as slow.</summary>
    public bool IsTroubled
    {
        get
        {
            lock (_lock)
                return _failures > TroubledFrom || _seconds > slowCall.TotalSeconds / 2;
        }
    }

    /// <summary>
    /// It has worked again for less than a slow call takes. Failures tend to be slower than successes: until those calls have ended that
    /// were made when it came back, what is known of it is too good.
    /// </summary>
    public bool IsJustBack
    {
        get
        {
            lock (_lock)
                return _backSince is { } since && time.GetElapsedTime(since) < slowCall;
        }
    }

    /// <summary>It works again after an outage: what it was like before says little. The next failure puts it in trouble all the same, or
    /// one that fails every other call would get every retry.</summary>
    public void Back()
    {
        lock (_lock)
            (_failures, _seconds, _backSince) = (TroubledFrom, 0, time.GetTimestamp());
    }

    public void Record(bool failed, TimeSpan took)
    {
        lock (_lock)
        {
            _failures += ((failed ? 1 : 0) - _failures) * Weight;
            _seconds += (took.TotalSeconds - _seconds) * Weight;
        }
    }
}
