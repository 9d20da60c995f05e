namespace Notify.Sending.Limits;

/// <summary>The permits that this process holds: leases for critical messages, leases for all, and its own share of the rate while Redis is
/// away. Not safe for concurrent use.</summary>
internal sealed class PermitPools(TimeSpan lifetime)
{
    private readonly LeasePool _standard = new(lifetime);
    private readonly LeasePool _critical = new(lifetime);
    private LocalBucket? _local;

    public bool IsLocal => _local is not null;

    /// <summary>Whether some were not used in time and should go back.</summary>
    public bool HasExpired => _standard.HasExpired || _critical.HasExpired;

    /// <summary>When the next permit goes back, where there is one.</summary>
    public TimeSpan? NextExpiry =>
        (_standard.NextExpiry, _critical.NextExpiry) switch
        {
            ({ } standard, { } critical) => standard < critical ? standard : critical,
            var (standard, critical) => standard ?? critical,
        };

    /// <summary>Critical messages may take what is for all too, the rest not what is for critical ones.</summary>
    public int Take(int wanted, bool critical, TimeSpan now)
    {
        var taken = critical ? _critical.Take(wanted, now) : 0;
        taken += _standard.Take(wanted - taken, now);
        return taken + (_local?.Take(wanted - taken, critical, now) ?? 0);
    }

    public bool Has(bool critical, TimeSpan now)
    {
        Expire(now);
        return _standard.Count > 0 || (critical && _critical.Count > 0) || WaitForLocal(critical, now) == TimeSpan.Zero;
    }

    /// <summary>Permits in leases of the one kind or the other.</summary>
    public int Leased(bool critical) => (critical ? _critical : _standard).Count;

    public void Add(int count, bool critical, TimeSpan now)
    {
        if (count > 0)
            (critical ? _critical : _standard).Add(count, now);
    }

    public void Return(int count, bool critical, TimeSpan now)
    {
        if (_local is not null)
            _local.Return(count);
        else
            Add(count, critical, now);
    }

    public void Expire(TimeSpan now)
    {
        _standard.Expire(now);
        _critical.Expire(now);
    }

    /// <summary>Removes and counts what was not used in time.</summary>
    public int TakeExpired() => _standard.TakeExpired() + _critical.TakeExpired();

    /// <summary>Removes and counts everything that came in leases.</summary>
    public int TakeAll()
    {
        Expire(TimeSpan.MaxValue);
        return TakeExpired();
    }

    public void GoLocal(BucketShape shape, TimeSpan now) => _local ??= new(shape, now);

    public void GoShared() => _local = null;

    /// <summary>How long until the process's own share is worth a take; null while Redis shares.</summary>
    public TimeSpan? WaitForLocal(bool critical, TimeSpan now) => _local?.WaitFor(critical, now);
}
