using Confluent.Kafka;

namespace Notify.Core.Messaging;

/// <summary>How far a consumer has come in one partition.</summary>
/// <param name="Partition">Which.</param>
/// <param name="FinishedTo">Everything below this offset is finished; null where nothing was read yet.</param>
/// <param name="HasOpen">Whether records were read that are not finished.</param>
/// <param name="OldestOpen">The time of the first of those; null where the broker keeps none.</param>
public sealed record PartitionStanding(TopicPartition Partition, long? FinishedTo, bool HasOpen, DateTimeOffset? OldestOpen)
{
    /// <summary>
    /// Whether nothing of the partition is left. Records that retention removed before they were read will never be finished, so they do
    /// not count.
    /// </summary>
    /// <param name="committed">The offset of the group; null where it has none.</param>
    /// <param name="low">The first offset that the broker still has.</param>
    /// <param name="high">The offset that the next record gets.</param>
    public bool IsPassed(long? committed, long low, long high) => !HasOpen && Math.Max(FinishedTo ?? committed ?? low, low) >= high;
}
