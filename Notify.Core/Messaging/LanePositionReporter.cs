using Confluent.Kafka;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Notify.Core.Data;

namespace Notify.Core.Messaging;

/// <summary>
/// Says up to which time the records of each partition were dealt with: up to the first open one, or up to now where the broker confirms
/// that nothing is left. The Router produces again what is queued and older than that. A paused lane, a backlog and a broker that is away
/// move nothing.
/// </summary>
internal sealed partial class LanePositionReporter(
    IEnumerable<LaneRegistration> lanes,
    LanePositionStore store,
    TimeProvider time,
    ILogger<LanePositionReporter> logger
) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BrokerWait = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var lane in lanes)
                await ReportAsync(lane.Consumer, stoppingToken);
        }
    }

    private async Task ReportAsync(LaneConsumer lane, CancellationToken cancellationToken)
    {
        if (lane.Standing is not { Count: > 0 } standing)
            return;
        try
        {
            var passed = await Task.Run(() => Passed(lane, standing, cancellationToken), cancellationToken); // the client's questions block
            if (passed.Count > 0)
                await store.ReportAsync(lane.Topic, passed, cancellationToken);
        }
        catch (Exception fault) when (fault is KafkaException or ObjectDisposedException || DatabaseFaults.IsPassing(fault))
        {
            Log.Later(logger, lane.Topic, fault.GetType().Name);
        }
    }

    private List<(int, DateTimeOffset)> Passed(
        LaneConsumer lane,
        IReadOnlyList<PartitionStanding> standing,
        CancellationToken cancellationToken
    )
    {
        var passed = new List<(int, DateTimeOffset)>();
        var idle = standing.Where(partition => !partition.HasOpen).ToList();
        Dictionary<TopicPartition, Offset> committed = [];
        if (
            idle.Exists(partition => partition.FinishedTo is null)
            && lane.TryAsk(consumer => consumer.Committed(idle.Select(partition => partition.Partition), BrokerWait), out var offsets)
        )
            committed = offsets.ToDictionary(entry => entry.TopicPartition, entry => entry.Offset);
        foreach (var partition in standing)
        {
            // each question may take its whole wait, and a service that stops has seconds for all
            cancellationToken.ThrowIfCancellationRequested();
            if (partition.HasOpen)
            {
                if (partition.OldestOpen is { } oldest)
                    passed.Add((partition.Partition.Partition.Value, oldest));
                continue;
            }
            var now = time.GetUtcNow(); // before the question: what is produced after it is not seen by it
            if (!lane.TryAsk(consumer => consumer.QueryWatermarkOffsets(partition.Partition, BrokerWait), out var marks))
                break;
            long? group = committed.TryGetValue(partition.Partition, out var offset) && !offset.IsSpecial ? offset.Value : null;
            if (partition.IsPassed(group, marks.Low.Value, marks.High.Value))
                passed.Add((partition.Partition.Partition.Value, now));
        }
        return passed;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "The position of {Topic} could not be reported ({Fault}); trying again.")]
        public static partial void Later(ILogger logger, string topic, string fault);
    }
}
