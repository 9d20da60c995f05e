using Notify.Core.Deliveries;

namespace Notify.Sending.Providers;

/// <summary>
/// Failures without a success between them. Enough of them over long enough mean an outage, however few calls there are: a share of failed
/// calls says nothing where a handful of messages is all there is, and those would use up their attempts in a minute or two.
/// </summary>
internal sealed class FailureStreak(TimeSpan length, int failures, TimeProvider time)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _since;
    private int _count;

    /// <summary>Whether it is long enough with this one.</summary>
    public bool Failed()
    {
        lock (_lock)
        {
            if (_count++ == 0)
                _since = time.GetUtcNow();
            return _count >= failures && time.GetUtcNow() - _since >= length;
        }
    }

    public void Ended()
    {
        lock (_lock)
            _count = 0;
    }
}
