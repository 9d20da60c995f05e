using Notify.Benchmarks.Reporting;
using Notify.Benchmarks.Scenarios;

namespace Notify.Benchmarks;

/// <summary>One run: its scenarios in turn, then the table. A scenario that fails does not keep the others from running.</summary>
internal static class BenchmarkRun
{
    public static async Task<int> RunAsync(BenchmarkOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!options.RealKafka)
            Environment.SetEnvironmentVariable("KAFKA_HOME", null); // the AppHost, which runs in this process, looks there
        var report = new Report(Conditions.Of(options, time));
        foreach (var name in options.Scenarios.TakeWhile(_ => !cancellationToken.IsCancellationRequested))
        {
            report.Say($"# {name}");
            try
            {
                await ScenarioTable.Find(name)(new ScenarioContext(name, options, report, time), cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                report.Failed(name, "was stopped before its end");
            }
#pragma warning disable CA1031 // The one place where a scenario's fault is caught: it is told, and the exit code says so.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                report.Failed(
                    name,
                    fault is UsageException or InvalidOperationException or TimeoutException ? fault.Message : fault.ToString()
                );
            }
        }
        report.WriteTable();
        if (options.ShowGoals)
            report.WriteGoals(Goals.Of(report.Measurements));
        if (options.JsonFile is not null)
            await report.WriteJsonAsync(options.JsonFile, CancellationToken.None);
        return report.HasFaults ? 1 : 0;
    }
}
