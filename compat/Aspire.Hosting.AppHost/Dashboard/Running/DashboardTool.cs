using System.Runtime.InteropServices;
using Aspire.Hosting.Local;

namespace Aspire.Hosting.Dashboard.Running;

/// <summary>
/// The dashboard's program. It is inside the Aspire CLI: in the one that is installed or, pinned to a version, in the npm package that carries it.
/// Either unpacks it once into the tools folder; hosts that start together wait for one of them.
/// </summary>
/// <param name="toolsFolder">Shared by all hosts of this user.</param>
/// <param name="version">The version to take from npm, or null for the installed CLI's or else <see cref="DefaultVersion"/>.</param>
/// <param name="find">Finds a program on PATH, as <see cref="LocalCommand.Find"/> does.</param>
internal sealed class DashboardTool(string toolsFolder, string? version, Func<string, string?> find)
{
    public const string DefaultVersion = "13.5.4";

    private const string ProgramFolder = "managed";
    private static readonly string Program = OperatingSystem.IsWindows() ? "aspire-managed.exe" : "aspire-managed";
    private readonly string _folder = Path.Combine(toolsFolder, "aspire-dashboard");
    private readonly string? _cli = version is null ? find("aspire") : null;
    private readonly string _version = version ?? DefaultVersion;

    /// <summary>How to get it where neither way is open; null where one is.</summary>
    public string? Missing =>
        File.Exists(ProgramOf(_version)) || _cli is not null || find("npm") is not null
            ? null
            : "No dashboard: install Node.js with npm, and it is fetched at the next start, or install the Aspire CLI (https://aspire.dev).";

    /// <summary>The program's path, after fetching it if need be.</summary>
    /// <exception cref="MissingPieceException">It can be had in no way; the message says what to do.</exception>
    public async Task<string> GetAsync(Action<string> announce, CancellationToken cancellationToken)
    {
        if (_cli is not null && await TryInstalledCliAsync(_cli, cancellationToken) is { } program)
            return program;
        if (File.Exists(ProgramOf(_version)))
            return ProgramOf(_version);

        var npm = find("npm") ?? throw new MissingPieceException(Missing ?? "The installed Aspire CLI has no dashboard inside and npm is not there to fetch one.");
        using (await InstallLock.AcquireAsync(toolsFolder, "aspire-dashboard", cancellationToken))
        {
            if (!File.Exists(ProgramOf(_version)))
            {
                announce($"Fetching the Aspire dashboard {_version} (once, about 130 MB, in the background).");
                await FetchAsync(npm, cancellationToken);
            }
        }

        return ProgramOf(_version);
    }

    private async Task<string?> TryInstalledCliAsync(string cli, CancellationToken cancellationToken)
    {
        var said = await LocalCommand.RunAsync(cli, ["--version"], cancellationToken, CliEnvironment(home: null));
        var cliVersion = said.Output.Split('+', '\n')[0].Trim();
        if (!said.Succeeded || !System.Version.TryParse(cliVersion.Split('-')[0], out _))
            return null;
        if (!File.Exists(ProgramOf(cliVersion)))
        {
            using (await InstallLock.AcquireAsync(toolsFolder, "aspire-dashboard", cancellationToken))
            {
                if (!File.Exists(ProgramOf(cliVersion)))
                    await InStagingAsync(staging => UnpackAsync(cli, staging, cliVersion, cancellationToken));
            }
        }

        return File.Exists(ProgramOf(cliVersion)) ? ProgramOf(cliVersion) : null;   // an older CLI may have no dashboard inside
    }

    private Task FetchAsync(string npm, CancellationToken cancellationToken) => InStagingAsync(async staging =>
    {
        var package = $"@microsoft/aspire-cli-{Platform()}";
        string[] arguments = ["install", "--prefix", staging, "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", $"{package}@{_version}"];
        var (exitCode, output) = await LocalCommand.RunAsync(npm, arguments, cancellationToken);
        if (exitCode != 0)
            throw new MissingPieceException($"No dashboard: 'npm install {package}@{_version}' failed. {LastLine(output)}");

        var cli = Path.Combine([staging, "node_modules", .. package.Split('/'), "bin", OperatingSystem.IsWindows() ? "aspire.exe" : "aspire"]);
        if (await UnpackAsync(cli, staging, _version, cancellationToken) is { } fault)
            throw new MissingPieceException($"No dashboard: {package}@{_version} did not unpack it. {fault}");
    });

    /// <summary>
    /// Lets the CLI unpack what it carries and moves the dashboard's part to its place in one step, so that a folder of that name is always whole.
    /// The CLI accepts an unpacked bundle only beside itself or in its home, hence the home of its own.
    /// </summary>
    /// <returns>What went wrong, or null.</returns>
    private async Task<string?> UnpackAsync(string cli, string staging, string unpackedVersion, CancellationToken cancellationToken)
    {
        var home = Directory.CreateDirectory(Path.Combine(staging, "home")).FullName;
        var bundle = Path.Combine(home, ".aspire");
        var (_, output) = await LocalCommand.RunAsync(cli, ["setup", "--non-interactive", "--nologo", "--install-path", bundle], cancellationToken, CliEnvironment(home));
        var program = Directory.Exists(bundle)
            ? Directory.EnumerateFiles(bundle, Program, SearchOption.AllDirectories).FirstOrDefault(file => Path.GetFileName(Path.GetDirectoryName(file)) == ProgramFolder)
            : null;
        if (program is null)
            return LastLine(output);

        Directory.Move(Path.GetDirectoryName(Path.GetFullPath(program))!, Path.GetDirectoryName(ProgramOf(unpackedVersion))!);
        return null;
    }

    private async Task InStagingAsync(Func<string, Task> work)
    {
        var staging = Path.Combine(_folder, ".unpacking");   // one name is enough under the lock
        if (Directory.Exists(staging))
            Directory.Delete(staging, recursive: true);   // an interrupted run left it
        Directory.CreateDirectory(staging);
        try
        {
            await work(staging);
        }
        finally
        {
            Directory.Delete(staging, recursive: true);   // the CLI and what else it carries: about 270 MB that nothing needs
        }
    }

    private string ProgramOf(string itsVersion) => Path.Combine(_folder, itsVersion, Program);

    /// <summary>The package's word for this machine; the runtime's own identifier names a distribution where that has built .NET itself.</summary>
    private static string Platform()
    {
        var runtime = RuntimeInformation.RuntimeIdentifier;
        var system = OperatingSystem.IsWindows() ? "win"
            : OperatingSystem.IsMacOS() ? "osx"
            : runtime.Contains("musl", StringComparison.Ordinal) || runtime.StartsWith("alpine", StringComparison.Ordinal) ? "linux-musl" : "linux";
        return $"{system}-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";
    }

    private static Dictionary<string, string> CliEnvironment(string? home)
    {
        var environment = new Dictionary<string, string> { ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "1", ["features__updateNotificationsEnabled"] = "false" };
        if (home is not null)
            environment["HOME"] = environment["USERPROFILE"] = home;
        return environment;
    }

    private static string LastLine(string output) => output.Split('\n').LastOrDefault(line => line.Trim().Length > 0)?.Trim() ?? "It said nothing.";
}
