using System.ComponentModel;
using Aspire.Hosting.Local;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Redis.Local;

/// <summary>The <c>garnet-server</c> .NET tool, installed once per user from the same package feed as everything else.</summary>
internal static class GarnetTool
{
    public const string Version = "2.2.5";
    private const string Name = $"garnet-server-{Version}";

    /// <returns>The path of the executable.</returns>
    /// <exception cref="MissingPieceException">The feed does not give it.</exception>
    public static async Task<string> EnsureAsync(LocalServerContext context, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(context.ToolsFolder, Name);
        var executable = Path.Combine(folder, OperatingSystem.IsWindows() ? "garnet-server.exe" : "garnet-server");
        if (File.Exists(executable))
            return executable;
        using var alone = await InstallLock.AcquireAsync(context.ToolsFolder, Name, cancellationToken);
        if (File.Exists(executable))
            return executable;
        context.Logger.LogInformation("Installing the .NET tool garnet-server {Version} into {Folder} (once).", Version, folder);
        var fresh = $"{folder}.new";   // renamed when complete: a half installed tool must not be taken for a whole one
        if (Directory.Exists(fresh))
            Directory.Delete(fresh, recursive: true);
        var install = await InstallAsync(fresh, context.DataFolder, cancellationToken);
        if (!install.Succeeded)
        {
            throw new MissingPieceException(
                $"No Redis server: 'dotnet tool install garnet-server --version {Version}' failed, and there is no redis-server on PATH. "
                + $"Install one (apt-get install redis-server, brew install redis), or set ConnectionStrings__{context.ResourceName}. The tool's answer: {install.Output}");
        }
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);   // without the executable it is of no use
        Directory.Move(fresh, folder);
        return executable;
    }

    private static async Task<LocalCommandResult> InstallAsync(string folder, string workingDirectory, CancellationToken cancellationToken)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        try
        {
            return await LocalCommand.RunAsync(
                dotnet, ["tool", "install", "garnet-server", "--version", Version, "--tool-path", folder], cancellationToken, workingDirectory: workingDirectory);
        }
        catch (Win32Exception missing)
        {
            return new LocalCommandResult(127, missing.Message);
        }
    }
}
