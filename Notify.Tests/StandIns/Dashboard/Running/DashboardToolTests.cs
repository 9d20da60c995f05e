using Aspire.Hosting.Dashboard.Running;
using Aspire.Hosting.Local;

namespace Notify.Tests.StandIns.Dashboard.Running;

/// <summary>With programs in place of npm and the Aspire CLI that do what those were seen to do.</summary>
public sealed class DashboardToolTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("notify-dashboard-").FullName;
    private readonly List<string> _announced = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Tools => Path.Combine(_folder, "tools");

    [Fact]
    public async Task Fetched_once_for_all_that_start_together()
    {
        var npm = Npm(Cli("13.5.4"));

        var programs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Tool(npm: npm).GetAsync(_announced.Add, Cancel)));

        Assert.Equal(Path.Combine(Tools, "aspire-dashboard", "13.5.4", "aspire-managed"), Assert.Single(programs.Distinct()));
        Assert.Equal("dashboard", (await File.ReadAllTextAsync(programs[0], Cancel)).Trim());
        Assert.Single(await File.ReadAllLinesAsync(Path.Combine(_folder, "npm-runs"), Cancel));
        Assert.Contains("13.5.4", Assert.Single(_announced), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_but_the_dashboard_stays()
    {
        await Tool(npm: Npm(Cli("13.5.4"))).GetAsync(_announced.Add, Cancel);

        Assert.Equal(["13.5.4"], Directory.EnumerateFileSystemEntries(Path.Combine(Tools, "aspire-dashboard")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Version_that_was_asked_for_is_fetched()
    {
        await Tool(npm: Npm(Cli("13.6.0")), version: "13.6.0").GetAsync(_announced.Add, Cancel);

        Assert.EndsWith("@13.6.0", Assert.Single(await File.ReadAllLinesAsync(Path.Combine(_folder, "npm-runs"), Cancel)), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Tools, "aspire-dashboard", "13.6.0", "aspire-managed")));
    }

    [Fact]
    public async Task Fetched_dashboard_needs_no_npm_any_more()
    {
        await Tool(npm: Npm(Cli("13.5.4"))).GetAsync(_announced.Add, Cancel);
        var later = Tool(npm: null);

        Assert.Null(later.Missing);
        Assert.True(File.Exists(await later.GetAsync(_announced.Add, Cancel)));
    }

    [Fact]
    public async Task What_an_interrupted_fetch_left_is_replaced()
    {
        Directory.CreateDirectory(Path.Combine(Tools, "aspire-dashboard", ".unpacking", "home", ".aspire"));

        Assert.True(File.Exists(await Tool(npm: Npm(Cli("13.5.4"))).GetAsync(_announced.Add, Cancel)));
    }

    [Fact]
    public async Task Failed_fetch_says_why_and_is_tried_again_next_time()
    {
        var broken = ProgramFile.Write(Path.Combine(_folder, "broken-npm"), "echo 'npm error network is unreachable' >&2; exit 1");

        var fault = await Assert.ThrowsAsync<MissingPieceException>(() => Tool(npm: broken).GetAsync(_announced.Add, Cancel));

        Assert.Contains("network is unreachable", fault.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(await Tool(npm: Npm(Cli("13.5.4"))).GetAsync(_announced.Add, Cancel)));
    }

    [Fact]
    public async Task Installed_CLI_comes_first()
    {
        var program = await Tool(npm: Npm(Cli("13.5.4")), cli: Cli("13.5.9")).GetAsync(_announced.Add, Cancel);

        Assert.Equal("13.5.9", Path.GetFileName(Path.GetDirectoryName(program)));
        Assert.False(File.Exists(Path.Combine(_folder, "npm-runs")));
    }

    [Fact]
    public async Task Installed_CLI_without_a_dashboard_leaves_it_to_npm()
    {
        var old = ProgramFile.Write(Path.Combine(_folder, "old-aspire"), "[ \"$1\" = --version ] && echo 9.4.0 && exit 0; exit 1");

        Assert.Equal("13.5.4", Path.GetFileName(Path.GetDirectoryName(await Tool(npm: Npm(Cli("13.5.4")), cli: old).GetAsync(_announced.Add, Cancel))));
    }

    [Fact]
    public void Without_npm_and_CLI_it_says_how_to_get_it() =>
        Assert.Contains("npm", Tool(npm: null).Missing, StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private DashboardTool Tool(string? npm, string? cli = null, string? version = null) =>
        new(Tools, version, name => name switch { "npm" => npm, "aspire" => cli, _ => null });

    private string Cli(string version) => ProgramFile.Write(Path.Combine(_folder, $"aspire-{version}"), $"""
        [ "$1" = --version ] && echo '{version}+9c1b' && exit 0
        [ "$1" = setup ] || exit 1
        while [ "$1" != --install-path ]; do shift; done
        [ "$2" = "$HOME/.aspire" ] || exit 6
        mkdir -p "$2/versions/{version}_9c1b/managed/wwwroot" "$2/versions/{version}_9c1b/dcp"
        ln -s "$2/versions/{version}_9c1b" "$2/bundle"
        echo dashboard > "$2/versions/{version}_9c1b/managed/aspire-managed"
        """);

    /// <summary>Installs the CLI as the package of the last argument.</summary>
    private string Npm(string cli) => ProgramFile.Write(Path.Combine(_folder, "npm"), $"""
        while [ $# -gt 1 ]; do [ "$1" = --prefix ] && prefix="$2"; shift; done
        echo "$1" >> '{_folder}/npm-runs'
        mkdir -p "$prefix/node_modules/$(dirname "$1")" && cd "$prefix/node_modules"
        mkdir -p "$(echo "$1" | sed 's/@[0-9.]*$//')/bin" && cp '{cli}' "$(echo "$1" | sed 's/@[0-9.]*$//')/bin/aspire"
        """);
}
