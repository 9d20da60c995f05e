using System.Text;
using Confluent.Kafka;

namespace Notify.Tests.Distributed;

/// <summary>Reads topics beside the services, from now on, and belongs to none of their groups.</summary>
internal sealed class TopicTap : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);
    private readonly IConsumer<byte[], byte[]> _consumer;

    public TopicTap(string bootstrap, params string[] topics)
    {
        _consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig
            {
                BootstrapServers = bootstrap,
                GroupId = $"tap-{Guid.NewGuid():N}",
                EnableAutoCommit = false,
                FetchWaitMaxMs = 50,
            }
        ).Build();
        using var admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
        var partitions = topics
            .SelectMany(topic =>
                admin
                    .GetMetadata(topic, Wait)
                    .Topics.Single()
                    .Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId))
            )
            .ToList();
        _consumer.Assign(
            partitions.Select(partition => new TopicPartitionOffset(partition, _consumer.QueryWatermarkOffsets(partition, Wait).High))
        );
    }

    /// <summary>The records whose value speaks of something, up to <paramref name="count"/> of them.</summary>
    public Task<IReadOnlyList<ConsumeResult<byte[], byte[]>>> ReadAsync(string about, int count, CancellationToken cancellationToken) =>
        Task.Run<IReadOnlyList<ConsumeResult<byte[], byte[]>>>(
            () =>
            {
                using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                deadline.CancelAfter(TimeSpan.FromSeconds(60));
                var found = new List<ConsumeResult<byte[], byte[]>>();
                while (found.Count < count)
                {
                    var result = _consumer.Consume(deadline.Token);
                    if (
                        result.Message is not null
                        && Encoding.UTF8.GetString(result.Message.Value).Contains(about, StringComparison.Ordinal)
                    )
                        found.Add(result);
                }
                return found;
            },
            cancellationToken
        );

    public void Dispose()
    {
        _consumer.Close();
        _consumer.Dispose();
    }
}
