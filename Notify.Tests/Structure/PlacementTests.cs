using System.Text.RegularExpressions;
using Notify.Tests.Support;

namespace Notify.Tests.Structure;

/// <summary>The page for developers says where each usual change begins: one place that is there.</summary>
public sealed partial class PlacementTests
{
    private static readonly string[] s_asked =
    [
        "add Mailgun",
        "add WhatsApp",
        "add a gate",
        "change FCM's retry schedule",
        "add a channel without provider",
        "list a recipient's notifications",
        "a webhook for Twilio receipts",
        "credentials of a tenant",
    ];

    [Fact]
    public void Each_usual_change_has_one_place_to_open_first()
    {
        var rows = RowsOf(File.ReadAllLines(Path.Combine(Repository.Root, "docs", "development.md")));

        Assert.Equal(s_asked, rows.Select(row => row.What));
        foreach (var (what, place) in rows)
        {
            var paths = Code().Matches(place).Select(match => match.Groups["path"].Value).ToList();
            Assert.True(paths.Count == 1, $"\"{what}\" names {paths.Count} places: {place}");
            var path = Path.Combine(Repository.Root, paths[0]);
            Assert.True(
                paths[0].EndsWith('/') ? Directory.Exists(path) : File.Exists(path),
                $"\"{what}\" names {paths[0]}, which is not there."
            );
        }
    }

    /// <summary>The rows of the table whose head is "to | open first", below "Add a …".</summary>
    private static List<(string What, string Place)> RowsOf(string[] page) =>
        [
            .. page.SkipWhile(line => line != "## Add a …")
                .Skip(1)
                .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
                .SkipWhile(line => line != "| to | open first |")
                .Skip(2)
                .TakeWhile(line => line.StartsWith('|'))
                .Select(line => line.Trim('|').Split('|', 2))
                .Select(cells => (cells[0].Trim(), cells[1].Trim())),
        ];

    [GeneratedRegex("`(?<path>[^`]+)`")]
    private static partial Regex Code();
}
