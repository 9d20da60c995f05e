using Confluent.Kafka;
using Notify.Core.Messaging;

namespace Notify.Tests.Core.Hosting;

/// <summary>librdkafka's built-in broker, with a producer on it; gone with it.</summary>
public sealed class KafkaBroker : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly IProducer<byte[], byte[]> _client;

    public KafkaBroker()
    {
        var config = new ProducerConfig
        {
            BootstrapServers = "127.0.0.1:1",
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = 0,
        };
        config.Set("test.mock.num.brokers", "1");
        _client = new ProducerBuilder<byte[], byte[]>(config).SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(_client.Handle).Build();
        var broker = Assert.Single(admin.GetMetadata(Patience).Brokers);
        Address = $"{broker.Host}:{broker.Port}";
        foreach (var topic in Topics.All)
            admin.GetMetadata(topic, Patience); // asking is what makes it
        Producer = new RecordProducer(_client);
    }

    public string Address { get; }

    public RecordProducer Producer { get; }

    /// <summary>All records of a topic, from its beginning to where it ends now.</summary>
    public List<ConsumeResult<byte[], byte[]>> Read(string topic)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig
            {
                BootstrapServers = Address,
                GroupId = "test",
                EnableAutoCommit = false,
                EnablePartitionEof = true,
            }
        ).SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, Patience).Topics.Single().Partitions.Count;
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var (records, ended) = (new List<ConsumeResult<byte[], byte[]>>(), new HashSet<int>());
        while (ended.Count < partitions)
        {
            var result = consumer.Consume(Patience) ?? throw new TimeoutException($"{topic} could not be read to its end.");
            if (result.IsPartitionEOF)
                ended.Add(result.Partition.Value);
            else
                records.Add(result);
        }
        consumer.Unassign();
        return records;
    }

    public void Dispose() => _client.Dispose();
}
