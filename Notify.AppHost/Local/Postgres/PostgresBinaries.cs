using System.Globalization;
using System.Text.RegularExpressions;

namespace Notify.AppHost.Local.Postgres;

/// <summary>An installed PostgreSQL server: a folder with <c>postgres</c> and <c>initdb</c>.</summary>
internal sealed partial record PostgresBinaries(string Folder, int MajorVersion)
{
    // Debian and Ubuntu, the PostgreSQL project's RPMs, Homebrew on both kinds of Mac, Postgres.app.
    private static readonly (string Root, string Pattern, string Below)[] Places =
    [
        ("/usr/lib/postgresql", "*", "bin"),
        ("/usr", "pgsql-*", "bin"),
        ("/opt/homebrew/opt", "postgresql*", "bin"),
        ("/usr/local/opt", "postgresql*", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "*", "bin"),
    ];

    public string Server => Path.Combine(Folder, Program("postgres"));
    public string InitDb => Path.Combine(Folder, Program("initdb"));

    /// <summary>Every installed version, newest first.</summary>
    /// <param name="fetched">A folder to look in beside the usual ones.</param>
    /// <param name="cancellationToken">Gives up asking the programs for their versions.</param>
    public static async Task<IReadOnlyList<PostgresBinaries>> FindAsync(string fetched, CancellationToken cancellationToken)
    {
        var found = new List<PostgresBinaries>();
        foreach (var folder in (await FoldersAsync(cancellationToken)).Append(fetched).Distinct(StringComparer.Ordinal))
        {
            if (!File.Exists(Path.Combine(folder, Program("initdb"))) || !File.Exists(Path.Combine(folder, Program("postgres"))))
                continue;
            var answer = await LocalCommand.RunAsync(Path.Combine(folder, Program("postgres")), ["--version"], cancellationToken);
            if (Major().Match(answer.Output) is { Success: true } match)
                found.Add(new PostgresBinaries(folder, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)));
        }
        return [.. found.OrderByDescending(binaries => binaries.MajorVersion)];
    }

    private static async Task<IEnumerable<string>> FoldersAsync(CancellationToken cancellationToken)
    {
        var folders = Places
            .Where(place => Directory.Exists(place.Root))
            .SelectMany(place => Directory.GetDirectories(place.Root, place.Pattern).Select(version => Path.Combine(version, place.Below)))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        if (LocalCommand.Find("pg_config") is { } configuration)
        {
            var answer = await LocalCommand.RunAsync(configuration, ["--bindir"], cancellationToken);
            if (answer.Succeeded)
                folders = folders.Append(answer.Output);
        }
        return folders;
    }

    private static string Program(string name) => OperatingSystem.IsWindows() ? $"{name}.exe" : name;

    [GeneratedRegex(@"PostgreSQL\) (\d+)")]
    private static partial Regex Major();
}
