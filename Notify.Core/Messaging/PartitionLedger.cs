using System.Diagnostics;
using Confluent.Kafka;

namespace Notify.Core.Messaging;

/// <summary>The progress of every partition that a consumer owns. Used on the consume thread only; records are finished from
/// anywhere.</summary>
internal sealed class PartitionLedger(Action<ConsumedRecord> ended)
{
    private readonly Dictionary<TopicPartition, PartitionProgress> _progress = [];

    // Records come in runs of one partition.
    private Partition _lastPartition;
    private PartitionProgress? _last;

    public IReadOnlyCollection<TopicPartition> Partitions => _progress.Keys;

    /// <param name="result">What was read.</param>
    /// <param name="topic">Where: the client is not asked to say it with each record.</param>
    public ConsumedRecord Start(ConsumeResult<byte[], byte[]> result, string topic)
    {
        if (_last is not { } progress || _lastPartition.Value != result.Partition.Value)
            (_lastPartition, _last) = (result.Partition, progress = ProgressOf(new(topic, result.Partition)));
        var record = new ConsumedRecord(result, ended, topic);
        progress.Started(record);
        return record;
    }

    /// <summary>Stores what is contiguously finished; the client commits it in the background and when partitions go.</summary>
    public void Store(IConsumer<byte[], byte[]> consumer)
    {
        foreach (var (partition, progress) in _progress)
        {
            if (progress.TryTakeCommittable(out var offset))
                consumer.StoreOffset(new TopicPartitionOffset(partition, offset));
        }
    }

    /// <summary>Where each of the partitions stands, for others to read.</summary>
    public IReadOnlyList<PartitionStanding> StandingOf(IReadOnlyCollection<TopicPartition> partitions) =>
        [
            .. partitions.Select(partition =>
                _progress.GetValueOrDefault(partition) is { } progress
                    ? new PartitionStanding(partition, progress.FinishedTo, progress.InFlight > 0, progress.OldestOpen?.Time)
                    : new PartitionStanding(partition, null, false, null)
            ),
        ];

    /// <summary>Withdraws what is only held, and gives what is worked on a bounded time to finish and be stored. How long that
    /// took.</summary>
    public TimeSpan Drain(IConsumer<byte[], byte[]> consumer, IReadOnlyCollection<TopicPartition> partitions, TimeSpan limit)
    {
        var started = Stopwatch.GetTimestamp();
        var open = partitions.Where(_progress.ContainsKey).ToList();
        SpinWait.SpinUntil(
            () =>
            {
                foreach (var partition in open)
                    _progress[partition].Withdraw();
                Store(consumer);
                // one that was put aside since is withdrawn in the next round
                return open.TrueForAll(partition => _progress[partition].HasEnded);
            },
            limit
        );
        return Stopwatch.GetElapsedTime(started);
    }

    public void Forget(IEnumerable<TopicPartition> partitions)
    {
        _last = null;
        foreach (var partition in partitions)
        {
            if (_progress.Remove(partition, out var progress))
                progress.Withdraw();
        }
    }

    private PartitionProgress ProgressOf(TopicPartition partition)
    {
        if (!_progress.TryGetValue(partition, out var progress))
            _progress.Add(partition, progress = new PartitionProgress());
        return progress;
    }
}
