using Confluent.Kafka;

namespace Notify.Core.Messaging;

/// <summary>
/// A record that was read: being worked on, held until its turn comes, or at its end. A held record can be withdrawn when its partition
/// goes; one that is worked on is waited for.
/// </summary>
/// <param name="result">What the client read.</param>
/// <param name="ended">Called once, when the record is finished or withdrawn.</param>
public sealed class ConsumedRecord(ConsumeResult<byte[], byte[]> result, Action<ConsumedRecord>? ended = null)
{
    private const long MaxMilliseconds = 253_402_300_799_999; // the end of year 9999
    private int _stage = Working;
    private const int Working = 0;
    private const int Held = 1;
    private const int Withdrawn = 2;
    private const int Finished = 3;

    public string Topic => result.Topic;

    public int Partition => result.Partition.Value;

    public long Offset => result.Offset.Value;

    public byte[] Key => result.Message.Key ?? [];

    public byte[] Value => result.Message.Value ?? [];

    public Headers Headers => result.Message.Headers ?? [];

    /// <summary>The record's own time; null where the broker keeps none, and where the producer wrote a number that is no time from 1970 to
    /// 9999.</summary>
    public DateTimeOffset? Time =>
        result.Message.Timestamp is { Type: not TimestampType.NotAvailable, UnixTimestampMs: >= 0 and <= MaxMilliseconds } stamp
            ? DateTimeOffset.FromUnixTimeMilliseconds(stamp.UnixTimestampMs)
            : null;

    public bool IsFinished => Volatile.Read(ref _stage) == Finished;

    /// <summary>Whether somebody works on it now.</summary>
    public bool IsWorkedOn => Volatile.Read(ref _stage) == Working;

    /// <summary>Whether it is finished or withdrawn: nobody works on it, or may begin to.</summary>
    public bool HasEnded => Volatile.Read(ref _stage) is Withdrawn or Finished;

    /// <summary>Puts it aside until its turn comes; nothing has been done about it yet.</summary>
    public void Hold() => Interlocked.CompareExchange(ref _stage, Held, Working);

    /// <summary>Takes it up again; false when it was withdrawn meanwhile and belongs to somebody else.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref _stage, Working, Held) == Held;

    /// <summary>Takes a held record away from whoever was to work on it.</summary>
    public void Withdraw()
    {
        if (Interlocked.CompareExchange(ref _stage, Withdrawn, Held) == Held)
            ended?.Invoke(this);
    }

    /// <summary>
    /// Says that everything this record asked for is durable. Of one that went to another member it says nothing: that one's offset
    /// counts.
    /// </summary>
    public void Finish()
    {
        if (Interlocked.CompareExchange(ref _stage, Finished, Working) == Working)
            ended?.Invoke(this);
    }
}
