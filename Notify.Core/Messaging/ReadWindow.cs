namespace Notify.Core.Messaging;

/// <summary>
/// How many records of a lane may be open at a time. Whoever reads waits until there is room for a batch: woken for each record that ends, it would read them one by one
/// as long as the window is full, which is exactly when there is much to do.
/// </summary>
internal sealed class ReadWindow(int size)
{
    private const int Worth = 100;
    private readonly int _batch = Math.Clamp(size / 20, 1, Worth);
    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _roomy = new(initialState: true);
    private int _open;

    /// <summary>So many were read.</summary>
    public void Opened(int count)
    {
        lock (_lock)
        {
            _open += count;
            if (size - _open < _batch)
                _roomy.Reset();
        }
    }

    /// <summary>One is finished, or was given back.</summary>
    public void Ended()
    {
        lock (_lock)
        {
            _open--;
            if (size - _open >= _batch && !_roomy.IsSet)
                _roomy.Set();
        }
    }

    /// <summary>How many may be read, once there is room for a batch; 0 where there is none in time.</summary>
    public int WaitForRoom(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (!_roomy.Wait(limit, cancellationToken))
            return 0;
        lock (_lock)
            return size - _open;
    }
}
