using System.Diagnostics;
using System.Globalization;

namespace Notify.Benchmarks.Running;

/// <summary>
/// Processor time and memory of processes, each with all its descendants (Postgres works in those). "benchmark" is this process: load,
/// sinks, and the built-in broker where that is used. Elsewhere than on Linux only the processes themselves are known.
/// </summary>
internal sealed class ProcessCosts(IReadOnlyDictionary<string, int> processes)
{
    /// <summary>What this process is called.</summary>
    public const string Own = "benchmark";

    private const double TicksASecond = 100; // USER_HZ, the same on every Linux that .NET runs on

    /// <summary>Seconds of processor time so far, by name.</summary>
    public Dictionary<string, double> Take()
    {
        using var own = Process.GetCurrentProcess();
        var seconds = new Dictionary<string, double> { [Own] = own.TotalProcessorTime.TotalSeconds };
        var all = OperatingSystem.IsLinux() ? ReadAll() : [];
        foreach (var (name, id) in processes)
            seconds[name] = all.Count > 0 ? TreeSeconds(all, id) : SecondsOf(id);
        return seconds;
    }

    /// <summary>Microseconds an operation since <paramref name="before"/>.</summary>
    public Dictionary<string, double> Since(Dictionary<string, double> before, long operations) =>
        Take().ToDictionary(one => one.Key, one => operations == 0 ? 0 : Math.Max(0, one.Value - before[one.Key]) * 1e6 / operations);

    /// <summary>Resident megabytes: now, or the most there ever was.</summary>
    public Dictionary<string, double> Memory(bool peak) =>
        // its shared memory counts in each of its processes
        processes.Where(one => one.Key is not "postgres").ToDictionary(one => one.Key, one => MegabytesOf(one.Value, peak));

    /// <summary>Megabytes that are a process's own: without pages of files, such as programs' code, which all processes share. Only known on
    /// Linux.</summary>
    public Dictionary<string, double> OwnMemory() =>
        OperatingSystem.IsLinux()
            ? processes
                .Where(one => one.Key is not "postgres")
                .ToDictionary(one => one.Key, one => Status(one.Value, "RssAnon:") + Status(one.Value, "RssShmem:"))
            : [];

    private static double TreeSeconds(Dictionary<int, (int Parent, double Seconds, double Ended)> all, int root)
    {
        if (!all.TryGetValue(root, out var own))
            return 0;
        return own.Seconds + own.Ended + all.Where(one => one.Value.Parent == root).Sum(child => TreeSeconds(all, child.Key));
    }

    private static Dictionary<int, (int Parent, double Seconds, double Ended)> ReadAll()
    {
        var all = new Dictionary<int, (int, double, double)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                continue;
            try
            {
                var text = File.ReadAllText($"{folder}/stat");
                var fields = text[(text.LastIndexOf(')') + 2)..].Split(' '); // the name before it may hold blanks
                double Ticks(int field) => double.Parse(fields[field - 3], CultureInfo.InvariantCulture);
                all[id] = ((int)Ticks(4), (Ticks(14) + Ticks(15)) / TicksASecond, (Ticks(16) + Ticks(17)) / TicksASecond);
            }
            catch (IOException)
            {
                continue; // it has just ended
            }
        }
        return all;
    }

    private static double SecondsOf(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.TotalProcessorTime.TotalSeconds;
    }

    private static double MegabytesOf(int id, bool peak)
    {
        if (!OperatingSystem.IsLinux())
        {
            using var process = Process.GetProcessById(id);
            return (peak ? process.PeakWorkingSet64 : process.WorkingSet64) / 1e6;
        }
        return Status(id, peak ? "VmHWM:" : "VmRSS:");
    }

    /// <summary>A line of /proc, in megabytes: its name, blanks, a number, kB.</summary>
    private static double Status(int id, string name)
    {
        var line = File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1], CultureInfo.InvariantCulture)
            * 1024
            / 1e6;
    }
}
