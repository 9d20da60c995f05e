namespace Notify.Core.Messaging;

/// <summary>
/// What one partition has finished: offsets are handed out for commit only up to the first record still being worked on,
/// so that a crash never skips one. Start and take on the consume thread; finish from anywhere.
/// </summary>
public sealed class PartitionProgress
{
    private readonly Queue<ConsumedRecord> _open = new();

    public int InFlight => _open.Count;

    public void Started(ConsumedRecord record) => _open.Enqueue(record);

    /// <summary>The offset to commit (the next to read), when it has moved since the last call.</summary>
    public bool TryTakeCommittable(out long offset)
    {
        offset = -1;
        while (_open.TryPeek(out var record) && record.IsFinished)
            offset = _open.Dequeue().Offset + 1;
        return offset >= 0;
    }
}
