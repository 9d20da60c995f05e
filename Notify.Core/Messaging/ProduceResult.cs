namespace Notify.Core.Messaging;

/// <summary>What became of a record: persisted, or not confirmed (it may be lost or, where the answer was lost, persisted).</summary>
public enum ProduceResult
{
    Unconfirmed,
    Persisted,
}
