namespace Notify.Core.Caching;

/// <summary>
/// Remembers for a second, for all callers of a process, that Redis did not answer: where it hangs or is away they wait for it once a
/// second, together, and not once a call. After a rest one caller asks, and the others rest on until it has its answer.
/// </summary>
public sealed class RedisRest(TimeProvider time)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private long? _since; // a timestamp; null while Redis answers

    internal TimeProvider Time => time;

    /// <summary>False while it rests. True after a rest for one caller, which takes the next one's begin on itself: should it never come
    /// back, another asks a rest later.</summary>
    internal bool MayAsk()
    {
        lock (_lock)
        {
            if (_since is not { } since)
                return true;
            if (time.GetElapsedTime(since) < Length)
                return false;
            _since = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>It did not answer.</summary>
    internal void Begin()
    {
        lock (_lock)
            _since = time.GetTimestamp();
    }

    /// <summary>It answered.</summary>
    internal void End()
    {
        lock (_lock)
            _since = null;
    }
}
