namespace Notify.Sandbox.Recording;

/// <summary>How often each delivery id was accepted. Split into parts, so that growing one holds up only a part of the senders.</summary>
internal sealed class AcceptCounts
{
    private const int Parts = 64;
    private readonly Dictionary<Guid, int>[] _parts = [.. Enumerable.Range(0, Parts).Select(_ => new Dictionary<Guid, int>())];
    private readonly bool _enabled;
    private readonly int _room;
    private long _uncounted;

    public AcceptCounts(SandboxOptions options)
    {
        _enabled = options.CountIds;
        _room = (options.MaxIds + Parts - 1) / Parts;
    }

    public bool Enabled => _enabled;

    /// <summary>Acceptances of ids that there was no room for.</summary>
    public long Uncounted => Interlocked.Read(ref _uncounted);

    public void Count(Guid id)
    {
        if (!_enabled)
            return;
        var part = _parts[(uint)id.GetHashCode() % Parts];
        lock (part)
        {
            if (part.TryGetValue(id, out var times))
                part[id] = times + 1;
            else if (part.Count < _room)
                part[id] = 1;
            else
                Interlocked.Increment(ref _uncounted);
        }
    }

    public long Known() => Sum(static part => part.Count);

    public long Repeated() => Sum(static part => part.Values.LongCount(times => times > 1));

    public List<KeyValuePair<Guid, int>> Repeats(int limit)
    {
        var repeats = new List<KeyValuePair<Guid, int>>();
        foreach (var part in _parts)
        {
            lock (part)
                repeats.AddRange(part.Where(entry => entry.Value > 1).Take(limit - repeats.Count));
        }

        return repeats;
    }

    public void Clear()
    {
        foreach (var part in _parts)
        {
            lock (part)
            {
                part.Clear();
                part.TrimExcess();
            }
        }

        Interlocked.Exchange(ref _uncounted, 0);
    }

    private long Sum(Func<Dictionary<Guid, int>, long> of)
    {
        long sum = 0;
        foreach (var part in _parts)
        {
            lock (part)
                sum += of(part);
        }

        return sum;
    }
}
