namespace Notify.Sandbox.Recording;

/// <summary>The last messages in a ring bounded by count and bytes, and exact counters of all.</summary>
internal sealed class MessageStore(SandboxOptions options, AcceptCounts ids, Arrivals arrivals, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly ArrivedMessage?[] _ring = new ArrivedMessage?[options.Keep];
    private readonly long[] _accepted = new long[ProviderNames.All.Count];
    private readonly long[] _refused = new long[ProviderNames.All.Count];
    private long _last;
    private int _kept;
    private long _bytes;
    private DateTimeOffset _since = time.GetUtcNow();

    public void Record(ArrivedMessage message)
    {
        lock (_gate)
        {
            if (_kept == _ring.Length)
                DropOldest();
            message.Seq = ++_last;
            _ring[_last % _ring.Length] = message;
            _kept++;
            _bytes += message.Size;
            while (_bytes > options.KeepBytes && _kept > 1)
                DropOldest();
            _accepted[(int)message.Provider]++;
        }

        if (message.DeliveryId is { } id)
            ids.Count(id);
        arrivals.Publish(message);
    }

    /// <summary>Counts an acceptance that leaves no message: an access token.</summary>
    public void CountAccepted(Provider provider)
    {
        lock (_gate)
            _accepted[(int)provider]++;
    }

    public void CountRefused(Provider provider)
    {
        lock (_gate)
            _refused[(int)provider]++;
    }

    public ArrivedMessage? Find(long seq)
    {
        lock (_gate)
            return seq > _last - _kept && seq <= _last ? _ring[seq % _ring.Length] : null;
    }

    /// <summary>Newest first.</summary>
    public List<ArrivedMessage> List(Func<ArrivedMessage, bool> wanted, long after, long before, int limit)
    {
        var found = new List<ArrivedMessage>();
        lock (_gate)
        {
            for (var seq = Math.Min(_last, before - 1); seq > _last - _kept && seq > after && found.Count < limit; seq--)
            {
                if (_ring[seq % _ring.Length] is { } message && wanted(message))
                    found.Add(message);
            }
        }

        return found;
    }

    public StoreTotals Totals()
    {
        lock (_gate)
            return new StoreTotals(_since, _last, _kept, _bytes, [.. _accepted], [.. _refused]);
    }

    /// <summary>Forgets messages and counters. The numbering goes on, so a reader's position stays good.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            Array.Clear(_ring);
            Array.Clear(_accepted);
            Array.Clear(_refused);
            _kept = 0;
            _bytes = 0;
            _since = time.GetUtcNow();
            ids.Clear();
        }
    }

    private void DropOldest()
    {
        var slot = (_last - _kept + 1) % _ring.Length;
        _bytes -= _ring[slot]?.Size ?? 0;
        _ring[slot] = null;
        _kept--;
    }
}
