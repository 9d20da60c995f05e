namespace Notify.Benchmarks.Running;

/// <summary>What a process has counted since it began.</summary>
/// <param name="AllocatedBytes">Bytes that it has allocated.</param>
/// <param name="Released">Deliveries that its pump has released, whatever they waited for.</param>
internal readonly record struct ServiceCounters(long AllocatedBytes, long Released);
