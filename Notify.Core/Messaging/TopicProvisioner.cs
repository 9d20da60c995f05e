using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Notify.Core.Messaging;

/// <summary>Makes the topics that are missing. Safe to run again and by several at once.</summary>
public sealed partial class TopicProvisioner(
    IProducer<byte[], byte[]> producer,
    IOptions<KafkaOptions> options,
    ILogger<TopicProvisioner> logger
)
{
    private static readonly TimeSpan RequestWait = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan MetadataWait = TimeSpan.FromSeconds(10);

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        using var admin = new DependentAdminClientBuilder(producer.Handle).Build();
        var known = admin.GetMetadata(MetadataWait).Topics.Select(topic => topic.Topic).ToHashSet(StringComparer.Ordinal);
        var missing = Topics.All.Where(topic => !known.Contains(topic)).ToList();
        if (missing.Count == 0)
            return;
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await admin.CreateTopicsAsync(
                missing.Select(Specify),
                new CreateTopicsOptions { RequestTimeout = RequestWait, OperationTimeout = RequestWait }
            );
            Log.Created(logger, missing.Count);
        }
        catch (CreateTopicsException refused)
            when (refused.Results.All(result => result.Error.Code is ErrorCode.NoError or ErrorCode.TopicAlreadyExists))
        {
            Log.Created(logger, missing.Count);
        }
        catch (KafkaException refused) when (refused.Error.Code is ErrorCode.Local_UnsupportedFeature or ErrorCode.Local_TimedOut)
        {
            // A broker that cannot be told to make topics (librdkafka's built-in one names no controller) makes them when somebody asks for
            // their metadata.
            foreach (var topic in missing)
                admin.GetMetadata(topic, MetadataWait);
            Log.AskedFor(logger, missing.Count);
        }
    }

    private TopicSpecification Specify(string topic) =>
        new()
        {
            Name = topic,
            NumPartitions = options.Value.Partitions,
            ReplicationFactor = options.Value.ReplicationFactor,
            Configs = options.Value.MinInSyncReplicas > 0 ? new() { ["min.insync.replicas"] = $"{options.Value.MinInSyncReplicas}" } : null,
        };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Made {Count} topics.")]
        public static partial void Created(ILogger logger, int count);

        [LoggerMessage(LogLevel.Information, "This broker makes topics when they are asked for; asked for {Count}.")]
        public static partial void AskedFor(ILogger logger, int count);
    }
}
