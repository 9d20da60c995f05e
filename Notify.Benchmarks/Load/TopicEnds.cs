using Confluent.Kafka;

namespace Notify.Benchmarks.Load;

/// <summary>How many records a topic has ever had: what a server says it has accepted can be counted behind its back.</summary>
internal sealed class TopicEnds : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly IConsumer<byte[], byte[]> _consumer;

    public TopicEnds(string bootstrap) => _consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig
            {
                BootstrapServers = bootstrap,
                GroupId = "benchmark-ends",
                EnableAutoCommit = false,
            }
        ).SetLogHandler((_, _) => { }).Build();

    public long Of(string topic)
    {
        using var admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
        return admin
            .GetMetadata(topic, Patience)
            .Topics.Single()
            .Partitions.Sum(partition =>
                _consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition.PartitionId), Patience).High.Value
            );
    }

    public void Dispose()
    {
        _consumer.Close();
        _consumer.Dispose();
    }
}
