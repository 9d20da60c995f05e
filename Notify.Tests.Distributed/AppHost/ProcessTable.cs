using System.Globalization;

namespace Notify.Tests.Distributed.AppHost;

/// <summary>A process that was found in /proc; its start time tells it from a later one with the same id.</summary>
internal sealed record FoundProcess(int Id, int Parent, string StartTime, string CommandLine)
{
    /// <summary>Whether it still runs.</summary>
    public bool IsAlive => ProcessTable.Find(Id)?.StartTime == StartTime;
}

/// <summary>What runs on this machine; Linux only.</summary>
internal static class ProcessTable
{
    /// <summary>All that a host started: its children, and the orchestrator, which detaches itself and names the host it watches, with all
    /// that it started.</summary>
    public static IReadOnlyList<FoundProcess> StartedBy(int host)
    {
        var all = Directory
            .EnumerateDirectories("/proc")
            .Select(folder =>
                int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Find(id) : null
            )
            .OfType<FoundProcess>()
            .ToList();
        var watches = $"--monitor {host.ToString(CultureInfo.InvariantCulture)} ";
        var found = all.Where(process => process.CommandLine.Contains(watches, StringComparison.Ordinal)).ToList();
        var parents = found.Select(process => process.Id).Append(host).ToHashSet();
        while (all.Where(candidate => parents.Contains(candidate.Parent) && !found.Contains(candidate)).ToList() is { Count: > 0 } children)
        {
            found.AddRange(children);
            parents.UnionWith(children.Select(child => child.Id));
        }
        return found;
    }

    /// <summary>Null for no process, or one that has ended and is only still listed.</summary>
    public static FoundProcess? Find(int id)
    {
        try
        {
            var status = File.ReadAllText($"/proc/{id}/stat");
            // from the third on: state, parent, …; the 22nd is the start time
            var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z"
                ? null
                : new FoundProcess(
                    id,
                    int.Parse(fields[1], CultureInfo.InvariantCulture),
                    fields[19],
                    File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ')
                );
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
