using System.Diagnostics;
using System.Security.Cryptography;
using Notify.Tests.Samples;
using Notify.Tests.Support;

namespace Notify.Tests.Contract;

/// <summary>
/// The programs that check the API's description and generate clients of it: from npm as typescript/package.json says, and Kiota as a tool
/// of .NET. They are installed once, below <c>artifacts/tools</c>; where npm is missing, the tests are skipped, but not in CI.
/// </summary>
internal static class ContractTools
{
    private const string KiotaVersion = "1.38.0";
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly SemaphoreSlim s_installing = new(1, 1);

    public static string Sources => Path.Combine(Repository.Root, "Notify.Tests", "Contract");

    /// <summary>A folder of this name below <c>artifacts/contract</c>, empty.</summary>
    public static DirectoryInfo NewFolder(string name)
    {
        var folder = new DirectoryInfo(Path.Combine(Repository.Root, "artifacts", "contract", name));
        if (folder.Exists)
            folder.Delete(recursive: true);
        folder.Create();
        return folder;
    }

    /// <summary>Where the packages of npm are: the folder that holds <c>node_modules</c>.</summary>
    public static async Task<string> NodePackagesAsync()
    {
        Surroundings.Need(SampleProgram.Has("npm") ? null : "No npm for the tests of the API's description: install Node.js 20 or later.");
        var wanted = Path.Combine(Sources, "typescript", "package.json");
        var version = Convert.ToHexStringLower(
            SHA256.HashData(await File.ReadAllBytesAsync(wanted, TestContext.Current.CancellationToken))
        )[..12];
        return await InstalledAsync($"contract-{version}", async folder =>
        {
            File.Copy(wanted, Path.Combine(folder, "package.json"));
            await RunAsync(
                "npm",
                ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"],
                folder
            );
        });
    }

    public static async Task<string> KiotaAsync() =>
        Path.Combine(
            await InstalledAsync($"kiota-{KiotaVersion}", folder =>
                RunAsync("dotnet", ["tool", "install", "Microsoft.OpenApi.Kiota", "--version", KiotaVersion, "--tool-path", folder], folder)
            ),
            OperatingSystem.IsWindows() ? "kiota.exe" : "kiota"
        );

    /// <summary>Runs a program to its end; it has to end well.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string folder,
        Dictionary<string, string>? variables = null
    )
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Longest);
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables ?? [])
            start.Environment[name] = value;
        // No build server may outlive the test, and nobody is told of it.
        foreach (
            var (name, value) in new[]
            {
                ("MSBUILDDISABLENODEREUSE", "1"),
                ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"),
                ("DOTNET_NOLOGO", "1"),
                ("KIOTA_OFFLINE_ENABLED", "true"),
                ("KIOTA_TUTORIAL_ENABLED", "false"),
                ("REDOCLY_TELEMETRY", "off"),
                ("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"),
            }
        )
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (
                process.StandardOutput.ReadToEndAsync(deadline.Token),
                process.StandardError.ReadToEndAsync(deadline.Token)
            );
            await process.WaitForExitAsync(deadline.Token);
            var printed = await output + await errors;
            Assert.True(process.ExitCode == 0, $"{Path.GetFileName(program)} ended with exit code {process.ExitCode}:\n{printed}");
            return printed;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Installs beside the place and moves it there, so that an installation that was cut off is not taken for one.</summary>
    private static async Task<string> InstalledAsync(string name, Func<string, Task> install)
    {
        var place = Path.Combine(Repository.Tools, name);
        await s_installing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (Directory.Exists(place))
                return place;
            Directory.CreateDirectory(Repository.Tools);
            var fresh = Directory.CreateDirectory(Path.Combine(Repository.Tools, $"{name}-{Guid.NewGuid():N}"));
            await install(fresh.FullName);
            fresh.MoveTo(place);
            return place;
        }
        finally
        {
            s_installing.Release();
        }
    }
}
