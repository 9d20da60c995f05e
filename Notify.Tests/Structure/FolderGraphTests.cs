using System.Text.RegularExpressions;
using Notify.Tests.Support;

namespace Notify.Tests.Structure;

/// <summary>How projects and the folders in them may depend on each other, read from the sources.</summary>
public sealed partial class FolderGraphTests
{
    private static readonly string[] s_workers = ["Notify.Workers.Push", "Notify.Workers.Email", "Notify.Workers.Sms"];

    [Theory]
    [InlineData("Notify.Core")]
    [InlineData("Notify.Sending")]
    [InlineData("Notify.Api")]
    [InlineData("Notify.Workers.Router")]
    [InlineData("Notify.Workers.Push")]
    [InlineData("Notify.Workers.Email")]
    [InlineData("Notify.Workers.Sms")]
    public void Folders_of_a_project_form_no_circle(string project)
    {
        var uses = UsesOf(project);
        Assert.NotEmpty(uses);
        foreach (var folder in uses.Keys)
            Assert.True(PathBack(folder, uses) is not { } path, $"{project}: {string.Join(" -> ", PathBack(folder, uses) ?? [])}");
    }

    [Fact]
    public void Projects_refer_only_to_what_is_below_them()
    {
        Assert.Empty(ReferencesOf("Notify.Core"));
        Assert.Equal(["Notify.Core"], ReferencesOf("Notify.Sending"));
        Assert.Equal(["Notify.Core", "Notify.ServiceDefaults"], ReferencesOf("Notify.Api"));
        Assert.Equal(["Notify.Core", "Notify.ServiceDefaults"], ReferencesOf("Notify.Workers.Router"));
        Assert.All(s_workers, worker => Assert.Equal(["Notify.Core", "Notify.Sending", "Notify.ServiceDefaults"], ReferencesOf(worker)));
    }

    [Fact]
    public void Circle_is_found()
    {
        var uses = new Dictionary<string, HashSet<string>>
        {
            ["a"] = ["b"],
            ["b"] = ["c", "d"],
            ["c"] = [],
            ["d"] = ["a"],
        };
        Assert.Equal(["a", "b", "d", "a"], PathBack("a", uses));
        Assert.Null(PathBack("c", uses));
    }

    /// <summary>What the folders of a project use of one another. A file beside them, such as a program, belongs to none.</summary>
    private static Dictionary<string, HashSet<string>> UsesOf(string project)
    {
        var root = Path.Combine(Repository.Root, project);
        var uses = Directory
            .GetDirectories(root)
            .Select(Path.GetFileName)
            .Where(folder => folder is not ("bin" or "obj" or "Properties"))
            .ToDictionary(folder => folder!, _ => new HashSet<string>());
        foreach (var (folder, used) in uses)
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories))
            {
                used.UnionWith(
                    Using()
                        .Matches(File.ReadAllText(file))
                        .Select(match => match.Groups["namespace"].Value)
                        .Where(name => name.StartsWith(project + ".", StringComparison.Ordinal))
                        .Select(name => name[(project.Length + 1)..].Split('.')[0])
                        .Where(other => other != folder && uses.ContainsKey(other))
                );
            }
        }
        return uses;
    }

    /// <summary>The way from a folder back to itself; null where there is none.</summary>
    private static List<string>? PathBack(string start, Dictionary<string, HashSet<string>> uses)
    {
        var (seen, ways) = (
            new HashSet<string>(),
            new Queue<List<string>>([
                [start],
            ])
        );
        while (ways.TryDequeue(out var way))
        {
            foreach (var next in uses[way[^1]].Order(StringComparer.Ordinal))
            {
                if (next == start)
                    return [.. way, next];
                if (seen.Add(next))
                    ways.Enqueue([.. way, next]);
            }
        }
        return null;
    }

    private static List<string> ReferencesOf(string project) =>
        [
            .. Reference()
                .Matches(File.ReadAllText(Path.Combine(Repository.Root, project, project + ".csproj")))
                .Select(match => match.Groups["project"].Value)
                .Order(StringComparer.Ordinal),
        ];

    [GeneratedRegex(@"^using (?:static )?(?<namespace>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex("""<ProjectReference Include="\.\./(?<project>[\w.]+)/""")]
    private static partial Regex Reference();
}
