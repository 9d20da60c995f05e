using System.Globalization;

namespace Notify.Tests.Browser;

[Trait("Needs", "browser")]
[Collection("One application at a time")]
public sealed class HostEndTests
{
    [Fact]
    public async Task Ended_host_leaves_no_process_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It looks for processes in /proc.");
        var cancel = TestContext.Current.CancellationToken;
        var host = await StartAsync();
        await using (host)
        {
            var started = DescendantsOf(host.Id);
            Assert.All(["dashboard", "postgres", "garnet", "Notify.Api", "Notify.Sandbox", "Notify.Workers.Router", "Notify.Workers.Push", "Notify.Workers.Email", "Notify.Workers.Sms"],
                program => Assert.Contains(started, process => process.CommandLine.Contains(program, StringComparison.Ordinal)));

            Assert.Equal(0, await host.StopAsync(cancel));

            Assert.DoesNotContain(started, process => Find(process.Id)?.StartTime == process.StartTime);
        }
    }

    private static async Task<AppHostProcess> StartAsync()
    {
        try
        {
            return await AppHostProcess.StartAsync(TestContext.Current.CancellationToken);
        }
        catch (MissingPieceException missing)
        {
            Surroundings.Need(missing.Message);
            throw;
        }
    }

    private static List<Found> DescendantsOf(int process)
    {
        var all = Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? Find(id) : null).OfType<Found>().ToList();
        var found = new List<Found>();
        var parents = new HashSet<int> { process };
        while (all.Where(candidate => parents.Contains(candidate.Parent) && !found.Contains(candidate)).ToList() is { Count: > 0 } children)
        {
            found.AddRange(children);
            parents.UnionWith(children.Select(child => child.Id));
        }
        return found;
    }

    /// <summary>Null for no process, or one that has ended and is only still listed.</summary>
    private static Found? Find(int id)
    {
        try
        {
            var status = File.ReadAllText($"/proc/{id}/stat");
            var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');   // from the third on: state, parent, …; the 22nd is the start time
            return fields[0] == "Z" ? null
                : new Found(id, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[19], File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' '));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed record Found(int Id, int Parent, string StartTime, string CommandLine);
}
