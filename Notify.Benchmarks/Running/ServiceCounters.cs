namespace Notify.Benchmarks.Running;

/// <summary>What a process has counted since it began.</summary>
/// <param name="AllocatedBytes">Bytes that it has allocated, but for the few that its threads have reserved and not used yet.</param>
/// <param name="Released">Deliveries that its pump has released, whatever they waited for.</param>
/// <param name="Routed">Notifications that it has routed.</param>
/// <param name="CompilingTicks">100 ns each that its threads have spent on compiling methods, by the clock.</param>
internal readonly record struct ServiceCounters(long AllocatedBytes, long Released, long Routed, long CompilingTicks)
{
    /// <summary>Microseconds of compiling an operation since <paramref name="before"/>.</summary>
    public double CompilingSince(ServiceCounters before, long operations) =>
        operations == 0 ? 0 : (CompilingTicks - before.CompilingTicks) / (double)TimeSpan.TicksPerMicrosecond / operations;
}
