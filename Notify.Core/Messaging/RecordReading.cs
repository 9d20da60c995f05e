using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Notify.Core.Messaging;

/// <summary>
/// How a lane reads its topic: as much as there is room for, in batches, and without leaving the group where there is no room for long.
/// Used on the consume thread only.
/// </summary>
/// <param name="topic">What is read.</param>
/// <param name="window">How much may be open at a time.</param>
/// <param name="ledger">Where each record that is read begins.</param>
/// <param name="meanwhile">Called now and then as long as there is no room.</param>
/// <param name="logger">Where faults of the client go.</param>
internal sealed partial class RecordReading(
    string topic,
    ReadWindow window,
    PartitionLedger ledger,
    Action<IConsumer<byte[], byte[]>> meanwhile,
    ILogger logger
)
{
    private static readonly TimeSpan PollWait = TimeSpan.FromMilliseconds(100);

    // Well below max.poll.interval.ms (5 min): a lane whose work stands still keeps its partitions by polling paused.
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(10);

    // A batch is handed on before the next is read: whoever is first in it should not wait for a long backlog to be read.
    private const int MaxBatch = 500;
    private List<ConsumedRecord> _taking = []; // read, and not handed on yet

    /// <summary>The next records, for the caller to hand on; none where there was no room for them, or nothing to read.</summary>
    public List<ConsumedRecord> TakeBatch(IConsumer<byte[], byte[]> consumer, CancellationToken stopping)
    {
        var room = TakeRoom(consumer, stopping);
        if (room.Records <= 0)
            return [];
        var batch = Take(consumer, room, stopping);
        _taking = [];
        return batch;
    }

    /// <summary>What was read and not handed on is nobody's work yet: this thread would begin it, and is in here. Waited for, it would take
    /// all the time there is.</summary>
    public void Withhold(List<TopicPartition> partitions)
    {
        foreach (var record in _taking)
        {
            if (partitions.Contains(new(record.Topic, record.Partition)))
                record.Hold();
        }
    }

    /// <summary>Waits for room without leaving the group: after a long silence it polls with every partition paused.</summary>
    private ReadRoom TakeRoom(IConsumer<byte[], byte[]> consumer, CancellationToken stopping)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (window.WaitForRoom(PollWait, stopping) is { Records: > 0 } room)
                return room with { Records = Math.Min(room.Records, MaxBatch) };
            meanwhile(consumer);
            if (Stopwatch.GetElapsedTime(started) < MaxSilence)
                continue;
            PollPaused(consumer);
            return default;
        }
    }

    private void PollPaused(IConsumer<byte[], byte[]> consumer)
    {
        var assigned = consumer.Assignment;
        consumer.Pause(assigned);
        // Nothing can come from paused partitions; should the client hand out a record all the same, it is read again from its offset.
        if (Consume(consumer, TimeSpan.Zero) is { } stray)
            consumer.Seek(new(topic, stray.Partition, stray.Offset));
        consumer.Resume(consumer.Assignment);
    }

    /// <summary>Waits for one record, then takes what is already here.</summary>
    private List<ConsumedRecord> Take(IConsumer<byte[], byte[]> consumer, ReadRoom room, CancellationToken stopping)
    {
        var bytes = 0L;
        var batch = _taking = [];
        var wait = PollWait;
        while (batch.Count < room.Records && (bytes < room.Bytes || batch.Count == 0) && !stopping.IsCancellationRequested)
        {
            if (Consume(consumer, wait) is not { } result)
                break;
            wait = TimeSpan.Zero;
            var record = ledger.Start(result, topic);
            window.Opened(1, record.Value.Length);
            batch.Add(record);
            bytes += record.Value.Length;
        }
        return batch;
    }

    private ConsumeResult<byte[], byte[]>? Consume(IConsumer<byte[], byte[]> consumer, TimeSpan wait)
    {
        try
        {
            return consumer.Consume(wait) is { IsPartitionEOF: false, Message: not null } result ? result : null;
        }
        // such as a topic that is not there yet, or a broker that went away: the client goes on by itself
        catch (ConsumeException fault) when (!fault.Error.IsFatal)
        {
            Log.ConsumeFault(logger, topic, fault.Error.Code);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Reading {Topic}: {Code}; the client goes on by itself.")]
        public static partial void ConsumeFault(ILogger logger, string topic, ErrorCode code);
    }
}
