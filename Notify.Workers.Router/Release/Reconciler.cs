using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Npgsql;

namespace Notify.Workers.Router.Release;

/// <summary>
/// Compares what is queued with how far the workers have come. A row that is older than everything they have dealt with, and still queued,
/// has lost its record (a broker that came back empty, a topic that was made anew): it comes due again. A backlog, a pause and an open
/// breaker hold the position back, so they bring nothing up again.
/// </summary>
internal sealed partial class Reconciler(
    LanePositionStore positions,
    NpgsqlDataSource database,
    IProducer<byte[], byte[]> producer,
    RoutingMetrics metrics,
    IOptions<RouterOptions> options,
    TimeProvider time,
    ILogger<Reconciler> logger
) : BackgroundService
{
    private const int MaxBatches = 50; // of up to a few hundred rows each, in one transaction
    private static readonly TimeSpan MetadataWait = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReconcileInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ReconcileAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is KafkaException || DatabaseFaults.IsPassing(fault))
            {
                Log.Later(logger, fault.GetType().Name);
            }
        }
    }

    private async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        var partitions = await Task.Run(PartitionCounts, cancellationToken); // the client's question blocks
        var passed = await positions.PassedAsync(partitions, cancellationToken);
        foreach (var channel in ChannelNames.All)
        {
            foreach (var lane in LaneNames.All)
            {
                var topic = Topics.Deliveries(channel, lane);
                if (!passed.TryGetValue(topic, out var until))
                    continue;
                var count = await ComeDueAsync(channel, lane, until - options.Value.ReconcileMargin, cancellationToken);
                if (count == 0)
                    continue;
                metrics.Reconciled(topic, count);
                Log.Lost(logger, count, topic);
            }
        }
    }

    /// <summary>In quiet traffic a batch is one row, so that a full lane is many of them.</summary>
    private async Task<int> ComeDueAsync(Channel channel, Lane lane, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var (all, batches) = (0, MaxBatches);
        while (batches == MaxBatches)
        {
            (var rows, batches) = await ReconcileRows.ComeDueAsync(database, channel, lane, before, MaxBatches, cancellationToken);
            all += rows;
        }
        return all;
    }

    private Dictionary<string, int> PartitionCounts()
    {
        using var admin = new DependentAdminClientBuilder(producer.Handle).Build();
        return admin.GetMetadata(MetadataWait).Topics.ToDictionary(topic => topic.Topic, topic => topic.Partitions.Count);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Count} queued deliveries had no record on {Topic} any more; they are produced again.")]
        public static partial void Lost(ILogger logger, int count, string topic);

        [LoggerMessage(LogLevel.Warning, "Looking for lost records waits ({Fault}); trying again.")]
        public static partial void Later(ILogger logger, string fault);
    }
}
