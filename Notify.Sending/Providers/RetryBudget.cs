using Notify.Core.Deliveries;

namespace Notify.Sending.Providers;

/// <summary>
/// How many retries a provider gets that is in trouble or has only just come back: each first call earns a share of one, and where those
/// earn less than one a second, time makes up for it, so that a quiet provider is not left without. Ten can be saved, for the first moments
/// of trouble and for what has waited when it is over. A provider that is well has no such bound.
/// </summary>
internal sealed class RetryBudget(double ratio, TimeProvider time)
{
    // a retry, in whole parts: sums of tenths would drift. One a second is then one a tick.
    private const long One = TimeSpan.TicksPerSecond;
    private const long MaxSaved = 10 * One;
    private readonly long _share = (long)Math.Round(ratio * One);
    private readonly Lock _lock = new();
    private long _saved = MaxSaved;
    private long _ahead; // what first calls have earned before time would have given it
    private long _lastLook = time.GetTimestamp();

    /// <summary>A first call was made.</summary>
    public void Earn()
    {
        lock (_lock)
        {
            Refill();
            _saved = Math.Min(MaxSaved, _saved + _share);
            _ahead = Math.Min(One, _ahead + _share);
        }
    }

    /// <summary>The retry was not made after all.</summary>
    public void GiveBack()
    {
        lock (_lock)
            _saved = Math.Min(MaxSaved, _saved + One);
    }

    public bool TrySpend()
    {
        lock (_lock)
        {
            Refill();
            if (_saved < One)
                return false;
            _saved -= One;
            return true;
        }
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        var passed = time.GetElapsedTime(_lastLook, now).Ticks;
        _lastLook = now;
        _saved = Math.Min(MaxSaved, _saved + Math.Max(0, passed - _ahead));
        _ahead = Math.Max(0, _ahead - passed);
    }
}
