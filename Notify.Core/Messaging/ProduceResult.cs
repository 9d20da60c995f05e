namespace Notify.Core.Messaging;

/// <summary>What became of a record: persisted, not confirmed (it may be lost or, where the answer was lost, persisted), or refused for
/// good, since it is larger than Kafka takes.</summary>
public enum ProduceResult
{
    Unconfirmed,
    Persisted,
    TooLarge,
}
