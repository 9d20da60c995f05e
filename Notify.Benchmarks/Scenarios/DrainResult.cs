using Notify.Benchmarks.Reporting;

namespace Notify.Benchmarks.Scenarios;

/// <summary>What one drain came to.</summary>
/// <param name="Count">Deliveries that were measured: all after the warm-up.</param>
/// <param name="Seconds">From the end of the warm-up, or else the first message at the provider, to the last outcome committed.</param>
/// <param name="Cpu">Microseconds a delivery, by process, in that time.</param>
/// <param name="Memory">The most resident megabytes that each service ever had that the drain has started.</param>
/// <param name="Allocated">Bytes a delivery that those services allocated, in that time.</param>
/// <param name="Compiling">Microseconds a delivery that those services spent on compiling methods, which their processor time has in it.</param>
/// <param name="LogBytes">Bytes of Postgres' log a delivery, in that time.</param>
/// <param name="OutcomesATransaction">Outcome rows that were written together, on average.</param>
/// <param name="Standstill">Seconds of these in which nothing came, counting pauses of half a second and more.</param>
/// <param name="Faults">Empty where every row is sent and every message came once.</param>
internal sealed record DrainResult(
    int Count,
    double Seconds,
    Dictionary<string, double> Cpu,
    Dictionary<string, double> Memory,
    Dictionary<string, double> Allocated,
    double Compiling,
    double LogBytes,
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
            Figures =
                LogBytes > 0
                    ? new Dictionary<string, double> { [Measurement.Compiling] = Compiling, [Measurement.LogBytes] = LogBytes }
                    : new Dictionary<string, double> { [Measurement.Compiling] = Compiling },
            RowsATransaction = OutcomesATransaction,
            Faults = Faults,
        };
}
