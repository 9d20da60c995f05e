namespace Notify.Sending.Limits;

/// <summary>Permits that were taken from Redis and wait to be used, the oldest first. Not safe for concurrent use.</summary>
internal sealed class LeasePool(TimeSpan lifetime)
{
    private readonly List<(int Count, TimeSpan Until)> _leases = [];
    private int _expired;

    public int Count { get; private set; }

    public bool HasExpired => _expired > 0;

    /// <summary>When the oldest permit goes back, where there is one.</summary>
    public TimeSpan? NextExpiry => _leases.Count > 0 ? _leases[0].Until : null;

    public void Add(int count, TimeSpan now)
    {
        var until = now + lifetime;
        Count += count;
        // Many small returns need no entry each; what joins an older one only goes back a little sooner.
        if (_leases.Count > 0 && until - _leases[^1].Until < lifetime / 16)
            _leases[^1] = (_leases[^1].Count + count, _leases[^1].Until);
        else
            _leases.Add((count, until));
    }

    public int Take(int wanted, TimeSpan now)
    {
        Expire(now);
        var taken = 0;
        while (taken < wanted && _leases.Count > 0)
        {
            var (count, until) = _leases[0];
            var part = Math.Min(count, wanted - taken);
            taken += part;
            if (part == count)
                _leases.RemoveAt(0);
            else
                _leases[0] = (count - part, until);
        }
        Count -= taken;
        return taken;
    }

    /// <summary>Sets aside what was not used in time.</summary>
    public void Expire(TimeSpan now)
    {
        while (_leases.Count > 0 && _leases[0].Until <= now)
        {
            _expired += _leases[0].Count;
            Count -= _leases[0].Count;
            _leases.RemoveAt(0);
        }
    }

    /// <summary>How many were set aside since this was asked last.</summary>
    public int TakeExpired()
    {
        var expired = _expired;
        _expired = 0;
        return expired;
    }
}
