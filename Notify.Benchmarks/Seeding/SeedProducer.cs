using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Notify.Core.Messaging;

namespace Notify.Benchmarks.Seeding;

/// <summary>Puts a backlog on topics, as durably as the product does.</summary>
internal sealed class SeedProducer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly IProducer<byte[], byte[]> _client;
    private readonly RecordProducer _records;

    public SeedProducer(string bootstrap)
    {
        _client = new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig
            {
                BootstrapServers = bootstrap,
                Acks = Acks.All,
                EnableIdempotence = true,
                LingerMs = 5,
                Partitioner = Partitioner.Murmur2Random,
            }
        ).SetLogHandler((_, _) => { }).Build();
        _records = new RecordProducer(_client);
    }

    public async Task ProduceAsync(IReadOnlyList<OutgoingRecord> records)
    {
        if ((await _records.TryProduceAllAsync(records)).Any(result => result != ProduceResult.Persisted))
            throw new InvalidOperationException("Kafka did not take the whole backlog.");
    }

    /// <summary>A new topic with as many partitions as <paramref name="like"/> has; librdkafka's built-in broker makes its own number when
    /// asked for metadata.</summary>
    public async Task CreateTopicAsync(string topic, string like)
    {
        using var admin = new DependentAdminClientBuilder(_client.Handle).Build();
        var partitions = admin.GetMetadata(like, Patience).Topics.Single().Partitions.Count;
        try
        {
            await admin.CreateTopicsAsync(
                [
                    new TopicSpecification
                    {
                        Name = topic,
                        NumPartitions = partitions,
                        ReplicationFactor = 1,
                    },
                ],
                new CreateTopicsOptions { RequestTimeout = TimeSpan.FromSeconds(10) }
            );
        }
        catch (KafkaException refused) when (refused.Error.Code is ErrorCode.Local_UnsupportedFeature or ErrorCode.Local_TimedOut)
        {
            admin.GetMetadata(topic, Patience);
        }
    }

    public static OutgoingRecord Plain(string topic, string key, string value) =>
        new(topic, Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value), []);

    public void Dispose() => _client.Dispose();
}
