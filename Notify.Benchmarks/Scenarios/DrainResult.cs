using Notify.Benchmarks.Reporting;

namespace Notify.Benchmarks.Scenarios;

/// <summary>What one drain came to.</summary>
/// <param name="Count">Deliveries.</param>
/// <param name="Seconds">From the first message at the provider to the last outcome committed.</param>
/// <param name="Cpu">Microseconds a delivery, by process, from the first message on.</param>
/// <param name="Memory">The most resident megabytes that each service ever had that the drain has started.</param>
/// <param name="Allocated">Bytes a delivery that those services allocated, from the first message on.</param>
/// <param name="OutcomesATransaction">Outcome rows that were written together, on average.</param>
/// <param name="Standstill">Seconds of these in which nothing came, counting pauses of half a second and more.</param>
/// <param name="Faults">Empty where every row is sent and every message came once.</param>
internal sealed record DrainResult(
    int Count,
    double Seconds,
    Dictionary<string, double> Cpu,
    Dictionary<string, double> Memory,
    Dictionary<string, double> Allocated,
    double? OutcomesATransaction,
    double Standstill,
    IReadOnlyList<string> Faults
)
{
    public Measurement ToMeasurement(string scenario, string subject, int round) =>
        new()
        {
            Scenario = scenario,
            Subject = subject,
            Round = round,
            Unit = "deliveries",
            Count = Count,
            Seconds = Seconds,
            Cpu = Cpu,
            Memory = Memory,
            Allocated = Allocated,
            RowsATransaction = OutcomesATransaction,
            Faults = Faults,
        };
}
