namespace Notify.Core.Deliveries.Routes;

/// <summary>
/// How many calls a provider gets at a time. Any number while it is well; after an outage few, doubling with each round that succeeds and
/// halving with each failure, so that what has waited does not throw it down again.
/// </summary>
internal sealed class Ramp
{
    private const int First = 4;
    private const int Enough = 512;
    private readonly Lock _lock = new();
    private int _ceiling = int.MaxValue;
    private int _inFlight;

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
            _ceiling = First;
    }

    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_inFlight >= _ceiling)
                return false;
            _inFlight++;
            return true;
        }
    }

    /// <param name="succeeded">Null where no call was made.</param>
    public void Leave(bool? succeeded)
    {
        lock (_lock)
        {
            _inFlight--;
            if (_ceiling == int.MaxValue || succeeded is not { } well)
                return;
            _ceiling = well ? _ceiling + 1 : Math.Max(1, _ceiling / 2);
            if (_ceiling > Enough)
                _ceiling = int.MaxValue;
        }
    }
}
