using Confluent.Kafka;

namespace Notify.Core.Messaging;

/// <summary>A record that was read and is being worked on.</summary>
public sealed class ConsumedRecord(ConsumeResult<byte[], byte[]> result)
{
    private int _finished;

    public string Topic => result.Topic;

    public int Partition => result.Partition.Value;

    public long Offset => result.Offset.Value;

    public byte[] Key => result.Message.Key ?? [];

    public byte[] Value => result.Message.Value ?? [];

    public Headers Headers => result.Message.Headers ?? [];

    /// <summary>The record's own time, where the broker keeps one.</summary>
    public DateTimeOffset? Time =>
        result.Message.Timestamp.Type == TimestampType.NotAvailable ? null : DateTimeOffset.FromUnixTimeMilliseconds(result.Message.Timestamp.UnixTimestampMs);

    public bool IsFinished => Volatile.Read(ref _finished) == 1;

    /// <summary>Says that everything this record asked for is durable.</summary>
    public void Finish() => Volatile.Write(ref _finished, 1);
}
