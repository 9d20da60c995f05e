using Confluent.Kafka;

namespace Notify.Core.Messaging;

/// <summary>A record that was read and is being worked on.</summary>
public sealed class ConsumedRecord(ConsumeResult<byte[], byte[]> result)
{
    private const long MaxMilliseconds = 253_402_300_799_999;   // the end of year 9999
    private int _finished;

    public string Topic => result.Topic;

    public int Partition => result.Partition.Value;

    public long Offset => result.Offset.Value;

    public byte[] Key => result.Message.Key ?? [];

    public byte[] Value => result.Message.Value ?? [];

    public Headers Headers => result.Message.Headers ?? [];

    /// <summary>The record's own time; null where the broker keeps none, and where the producer wrote a number that is no time from 1970 to 9999.</summary>
    public DateTimeOffset? Time =>
        result.Message.Timestamp is { Type: not TimestampType.NotAvailable, UnixTimestampMs: >= 0 and <= MaxMilliseconds } stamp
            ? DateTimeOffset.FromUnixTimeMilliseconds(stamp.UnixTimestampMs)
            : null;

    public bool IsFinished => Volatile.Read(ref _finished) == 1;

    /// <summary>Says that everything this record asked for is durable.</summary>
    public void Finish() => Volatile.Write(ref _finished, 1);
}
