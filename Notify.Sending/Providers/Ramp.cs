using Notify.Core.Deliveries;

namespace Notify.Sending.Providers;

/// <summary>
/// How many calls a provider gets at a time. Any number while it is well; after an outage few, so that what has waited does not throw it
/// down again. As many calls as may run at a time make a round, and only when all of a round have ended are there twice as many or half:
/// where failures are slower than successes, those that are there first would speak for all. One of the places is kept for critical
/// messages, where there is more than one.
/// </summary>
/// <param name="slowCall">A call of a full round that takes longer counts as failed.</param>
/// <param name="time">The clock.</param>
/// <param name="enough">Calls at a time from which nothing is held back any more: what the provider can work on, where that is known; a
/// lane gives it no more than twice as many then.</param>
internal sealed class Ramp(TimeSpan slowCall, TimeProvider time, int enough = 512)
{
    private const int First = 4;
    private const double GrowsUpTo = 0.1;
    private const double ShrinksAbove = 0.25;
    private readonly Lock _lock = new();
    private int _ceiling = int.MaxValue;
    private int _inFlight;
    private int _round;
    private int _begun;
    private int _ended;
    private int _failed;
    private long _fullSince;

    /// <summary>Whether it is still on its way back.</summary>
    public bool IsActive
    {
        get
        {
            lock (_lock)
                return _ceiling != int.MaxValue;
        }
    }

    public void Start()
    {
        lock (_lock)
            Begin(First);
    }

    /// <param name="isCritical">Whether the place that is kept is for it too.</param>
    /// <param name="round">Which round the call counts in, for <see cref="Leave"/>; 0 where in none: it came before the ramp, or while the
    /// others of a full round had still to end.</param>
    public bool TryEnter(bool isCritical, out int round)
    {
        lock (_lock)
        {
            round = 0;
            if (_ceiling == int.MaxValue)
            {
                _inFlight++;
                return true;
            }
            if (_begun == _ceiling && time.GetElapsedTime(_fullSince) > slowCall)
                Judge();
            if (_inFlight >= (isCritical ? _ceiling : Math.Max(1, _ceiling - 1)))
                return false;
            _inFlight++;
            if (_begun < _ceiling)
            {
                _begun++;
                round = _round;
                _fullSince = time.GetTimestamp();
            }
            return true;
        }
    }

    /// <param name="round">What <see cref="TryEnter"/> gave.</param>
    /// <param name="succeeded">Null where no call was made.</param>
    public void Leave(int round, bool? succeeded)
    {
        lock (_lock)
        {
            _inFlight--;
            if (_ceiling == int.MaxValue || round != _round)
                return;
            if (succeeded is not { } well)
            {
                _begun--;
                return;
            }
            _ended++;
            if (!well)
                _failed++;
            if (_ended == _ceiling)
                Judge();
        }
    }

    private void Judge()
    {
        var failed = (double)(_failed + _begun - _ended) / _ceiling;
        if (failed <= GrowsUpTo)
            Begin(_ceiling < enough ? 2 * _ceiling : int.MaxValue);
        else
            Begin(failed > ShrinksAbove ? Math.Max(1, _ceiling / 2) : _ceiling);
    }

    private void Begin(int ceiling)
    {
        _ceiling = ceiling;
        _round++;
        _begun = _ended = _failed = 0;
    }
}
