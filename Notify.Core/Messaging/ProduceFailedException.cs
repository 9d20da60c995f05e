using Confluent.Kafka;

namespace Notify.Core.Messaging;

/// <summary>The broker did not confirm a record: it may be lost or, where the answer was lost, persisted.</summary>
public sealed class ProduceFailedException(ErrorCode code) : Exception($"Kafka did not confirm the record ({code}).")
{
    public ErrorCode Code { get; } = code;
}
