namespace Notify.Core.Messaging;

/// <summary>
/// How many records of a lane may be open at a time, and how many bytes of them: a backlog of long mails is not read into memory by the
/// thousand. Whoever reads waits until there is room for a batch: woken for each record that ends, it would read them one by one as long as
/// the window is full, which is exactly when there is much to do.
/// </summary>
/// <param name="size">Records.</param>
/// <param name="maxBytes">Bytes of their values. Where nothing is open one record may be read, however long it is.</param>
internal sealed class ReadWindow(int size, long maxBytes = long.MaxValue)
{
    private const int Worth = 100;
    private readonly int _batch = Math.Clamp(size / 20, 1, Worth);
    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _roomy = new(initialState: true);
    private int _open;
    private long _bytes;

    /// <summary>So many were read, of so many bytes.</summary>
    public void Opened(int count, long bytes = 0)
    {
        lock (_lock)
        {
            (_open, _bytes) = (_open + count, _bytes + bytes);
            if (!IsRoomy)
                _roomy.Reset();
        }
    }

    /// <summary>One is finished, or was given back.</summary>
    public void Ended(long bytes = 0)
    {
        lock (_lock)
        {
            (_open, _bytes) = (_open - 1, _bytes - bytes);
            if (IsRoomy && !_roomy.IsSet)
                _roomy.Set();
        }
    }

    /// <summary>How much may be read, once there is room for a batch; nothing where there is none in time.</summary>
    public ReadRoom WaitForRoom(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (!_roomy.Wait(limit, cancellationToken))
            return default;
        lock (_lock)
            return new(size - _open, maxBytes - _bytes);
    }

    // A twentieth of the bytes, as of the records: read for each that ends, long ones would come one by one.
    private bool IsRoomy => _open <= 0 || (size - _open >= _batch && maxBytes - _bytes >= maxBytes / 20);
}

/// <summary>What may be read: so many records, and no further one once so many bytes have come.</summary>
internal readonly record struct ReadRoom(int Records, long Bytes);
