using Confluent.Kafka;

namespace Notify.Tests.Distributed.Faults;

/// <summary>A consumer group seen from outside: how far it has committed, and setting that.</summary>
internal sealed class Groups(string bootstrap)
{
    private const long BeyondEverything = 1_000_000;

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    /// <summary>Records of the topic that the group has not committed.</summary>
    public long Behind(string group, string topic)
    {
        using var consumer = Open(group);
        return Partitions(consumer, topic)
            .Sum(partition => consumer.QueryWatermarkOffsets(partition, Wait).High.Value - Committed(consumer, partition));
    }

    /// <summary>Committed offset of one partition.</summary>
    public long Committed(string group, TopicPartition partition)
    {
        using var consumer = Open(group);
        return Committed(consumer, partition);
    }

    public IReadOnlyList<TopicPartition> Partitions(string topic)
    {
        using var consumer = Open("partitions");
        return Partitions(consumer, topic);
    }

    /// <summary>
    /// Makes the group forget where it was; its members must be gone. Where the broker can delete no group (librdkafka's), the offsets are
    /// put where there is nothing any more, as when they expired; that broker takes offsets from a member only.
    /// </summary>
    public async Task<string> ForgetAsync(string group, string topic, bool isRealKafka, CancellationToken cancellationToken)
    {
        if (isRealKafka)
        {
            using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrap }).Build();
            await admin.DeleteGroupsAsync([group]);
            return "deleted";
        }
        await Task.Run(
            () =>
            {
                using var member = Open(group);
                var partitions = Partitions(member, topic);
                member.Subscribe(topic);
                while (member.Assignment.Count < partitions.Count)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    member.Consume(TimeSpan.FromMilliseconds(50));
                }
                member.Commit(
                    partitions.Select(partition => new TopicPartitionOffset(
                        partition,
                        member.QueryWatermarkOffsets(partition, Wait).High.Value + BeyondEverything
                    ))
                );
                member.Close();
            },
            cancellationToken
        );
        return "out_of_range";
    }

    private IConsumer<byte[], byte[]> Open(string group) =>
        new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig
            {
                BootstrapServers = bootstrap,
                GroupId = group,
                EnableAutoCommit = false,
            }
        ).Build();

    private static List<TopicPartition> Partitions(IConsumer<byte[], byte[]> consumer, string topic)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        return
        [
            .. admin
                .GetMetadata(topic, Wait)
                .Topics.Single()
                .Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId)),
        ];
    }

    private static long Committed(IConsumer<byte[], byte[]> consumer, TopicPartition partition) =>
        Math.Max(0, consumer.Committed([partition], Wait).Single().Offset.Value);
}
