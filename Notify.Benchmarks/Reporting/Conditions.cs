using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Notify.Benchmarks.Reporting;

/// <summary>Where and how a run was made; figures without these mean nothing.</summary>
internal static class Conditions
{
    private const double Gigabyte = 1 << 30;

    public static Dictionary<string, string> Of(BenchmarkOptions options, TimeProvider time) =>
        new()
        {
            ["date"] = time.GetUtcNow().ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture),
            ["cores"] = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} ({Processor()})"),
            ["memory"] = string.Create(
                CultureInfo.InvariantCulture,
                $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Gigabyte:0.0} GiB"
            ),
            ["system"] = RuntimeInformation.OSDescription,
            [".NET"] = RuntimeInformation.FrameworkDescription,
            ["build"] = Configuration,
            ["broker"] =
                options.Target is not null ? "that of the target"
                : options.RealKafka ? "Apache Kafka from KAFKA_HOME, one node, acks=all"
                : "librdkafka's built-in one, in memory, inside the benchmark's process",
            ["rounds, seconds, count"] = string.Create(
                CultureInfo.InvariantCulture,
                $"{options.Rounds}, {options.Seconds}, {options.Count?.ToString(CultureInfo.InvariantCulture) ?? "by scenario"}"
            ),
            ["set"] = options.Settings.Count == 0 ? "nothing" : string.Join(", ", options.Settings.Select(one => $"{one.Key}={one.Value}")),
            ["load before"] = Load(),
        };

    /// <summary>Of this program, and of the services, which are built with it.</summary>
    public static string Configuration { get; } =
        typeof(Conditions).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "unknown";

    private static string Processor() =>
        !File.Exists("/proc/cpuinfo")
            ? RuntimeInformation.ProcessArchitecture.ToString()
            : File.ReadLines("/proc/cpuinfo")
                .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
                ?.Split(':', 2)[1]
                .Trim()
                ?? "unknown";

    private static string Load() =>
        File.Exists("/proc/loadavg")
            ? File.ReadAllText("/proc/loadavg").Split(' ')[0] + " runnable on average over the last minute"
            : "unknown";
}
