namespace Notify.Core.Messaging;

/// <summary>
/// What one partition has finished: offsets are handed out for commit only up to the first record still open, so that a crash never skips
/// one. Used on the consume thread only; records are finished from anywhere.
/// </summary>
public sealed class PartitionProgress
{
    private readonly Queue<ConsumedRecord> _open = new();

    public int InFlight => _open.Count;

    /// <summary>Whether every record is finished or withdrawn.</summary>
    public bool HasEnded => _open.All(record => record.HasEnded);

    /// <summary>The offset below which everything is finished; null before the first.</summary>
    public long? FinishedTo { get; private set; }

    /// <summary>The first record that is not finished.</summary>
    public ConsumedRecord? OldestOpen => _open.TryPeek(out var record) ? record : null;

    public void Started(ConsumedRecord record) => _open.Enqueue(record);

    /// <summary>Takes back what nobody works on yet.</summary>
    public void Withdraw()
    {
        foreach (var record in _open)
            record.Withdraw();
    }

    /// <summary>The offset to commit (the next to read), when it has moved since the last call.</summary>
    public bool TryTakeCommittable(out long offset)
    {
        offset = -1;
        while (_open.TryPeek(out var record) && record.IsFinished)
            offset = _open.Dequeue().Offset + 1;
        if (offset < 0)
            return false;
        FinishedTo = offset;
        return true;
    }
}
