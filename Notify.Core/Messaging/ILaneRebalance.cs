using Confluent.Kafka;

namespace Notify.Core.Messaging;

/// <summary>What a lane is told when its partitions move; called inside <c>Consume</c> and <c>Close</c>, on the consume thread.</summary>
public interface ILaneRebalance
{
    /// <summary>The group has let this member in, with partitions or with none.</summary>
    void Joined();

    /// <summary>Partitions are about to be handed to another member: finish, store, forget.</summary>
    void Revoked(IConsumer<byte[], byte[]> consumer, IEnumerable<TopicPartition> partitions);

    /// <summary>Partitions already belong to another member: forget, commit nothing.</summary>
    void Lost(IEnumerable<TopicPartition> partitions);
}
