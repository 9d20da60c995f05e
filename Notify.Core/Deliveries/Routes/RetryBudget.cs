namespace Notify.Core.Deliveries.Routes;

/// <summary>
/// How many retries a provider in trouble gets: each first call earns a share of one, a retry costs one and gives it back when it succeeds, so that only calls made in vain are
/// bounded, and what has waited flows again as soon as it helps. One a second is always there, so that a quiet provider is not left without. A provider that works has no such bound.
/// </summary>
internal sealed class RetryBudget(double ratio, TimeProvider time)
{
    private const double MaxSaved = 100;
    private readonly Lock _lock = new();
    private double _saved = 10;
    private long _lastGift = time.GetTimestamp();

    /// <summary>A first call was made.</summary>
    public void Earn() => Add(ratio);

    /// <summary>A retry succeeded: it was none too many.</summary>
    public void GiveBack() => Add(1);

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

    private void Add(double earned)
    {
        lock (_lock)
            _saved = Math.Min(MaxSaved, _saved + earned);
    }
}
