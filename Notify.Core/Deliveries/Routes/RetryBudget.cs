namespace Notify.Core.Deliveries.Routes;

/// <summary>
/// How many retries a provider in trouble gets: each first call earns a share of one, each retry costs one, and one a second is always there so that
/// a quiet provider is not left without. A provider that works has no such bound.
/// </summary>
internal sealed class RetryBudget(double ratio, TimeProvider time)
{
    private const double MaxSaved = 100;
    private readonly Lock _lock = new();
    private double _saved = 10;
    private long _lastGift = time.GetTimestamp();

    public void Earn()
    {
        lock (_lock)
            _saved = Math.Min(MaxSaved, _saved + ratio);
    }

    public bool TrySpend()
    {
        lock (_lock)
        {
            if (_saved < 1 && time.GetElapsedTime(_lastGift) >= TimeSpan.FromSeconds(1))
            {
                _lastGift = time.GetTimestamp();
                _saved = 1;
            }
            if (_saved < 1)
                return false;
            _saved--;
            return true;
        }
    }
}
