using Confluent.Kafka;

namespace Notify.Core.Messaging;

/// <summary>How far a consumer has come in one partition.</summary>
/// <param name="Partition">Which.</param>
/// <param name="FinishedTo">Everything below this offset is finished; null where nothing was read yet.</param>
/// <param name="HasOpen">Whether records were read that are not finished.</param>
/// <param name="OldestOpen">The time of the first of those; null where the broker keeps none.</param>
public sealed record PartitionStanding(TopicPartition Partition, long? FinishedTo, bool HasOpen, DateTimeOffset? OldestOpen);
