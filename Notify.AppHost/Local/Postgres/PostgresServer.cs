using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Notify.AppHost.Local.Postgres;

/// <summary>A PostgreSQL server of this machine's own binaries, on loopback, that keeps its data between runs.</summary>
internal static class PostgresServer
{
    private const int FastShutdown = 2; // SIGINT
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    /// <param name="context">Of the resource.</param>
    /// <param name="user">The superuser's name.</param>
    /// <param name="password">The superuser's password; an existing cluster with another one is given this.</param>
    /// <param name="cancellationToken">Gives up the preparation.</param>
    /// <exception cref="MissingPieceException">There is no server for this data, and none can be installed from here.</exception>
    public static async Task<LocalProgram> PrepareAsync(
        LocalServerContext context,
        string user,
        string password,
        CancellationToken cancellationToken
    )
    {
        await PostgresInstallation.EnsureAsync(null, context, cancellationToken);
        var account = PostgresAccount.Needed(); // asked after the installation: the package brings the user
        var dataFolder = Path.GetFullPath(context.DataFolder);
        var folder = account is null || OperatingSystem.IsWindows() ? dataFolder : PostgresFolder.For(dataFolder, context.Logger);
        var durable = !string.Equals(context.Configuration["Postgres:Fsync"], "off", StringComparison.OrdinalIgnoreCase);
        var cluster = new PostgresCluster(folder, account, durable);
        var binaries = await PostgresInstallation.EnsureAsync(cluster.Version, context, cancellationToken);

        await LeftBehind.StopAsync(cluster.Data, "postgres", FastShutdown, Grace, context.Logger, cancellationToken);
        if (OperatingSystem.IsLinux() && cluster.Version is not null)
            // stale: nothing runs there, and the process id in it may be someone else's by now
            File.Delete(Path.Combine(cluster.Data, "postmaster.pid"));

        await cluster.EnsureAsync(binaries, user, password, cancellationToken);
        context.Logger.LogInformation(
            "PostgreSQL {Version} of {Binaries}, data in {Folder}.",
            binaries.MajorVersion,
            binaries.Folder,
            cluster.Data
        );
        return await ProgramAsync(binaries, account, cluster, context, durable, cancellationToken);
    }

    /// <summary>
    /// A shell that is killed must take the server with it: the orchestrator waits as long as anybody holds on to the shell's output.
    /// Asked for last, since a change of user clears it.
    /// </summary>
    private static IReadOnlyList<string> EndsWithItsShell =>
        OperatingSystem.IsLinux() && LocalCommand.Find("setpriv") is { } setpriv ? [setpriv, "--pdeathsig", "INT"] : [];

    private static async Task<LocalProgram> ProgramAsync(
        PostgresBinaries binaries,
        PostgresAccount? account,
        PostgresCluster cluster,
        LocalServerContext context,
        bool durable,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<string> arguments =
        [
            "-D",
            cluster.Data,
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            string.Create(CultureInfo.InvariantCulture, $"port={context.Port}"),
            "-c",
            "unix_socket_directories=", // a path of such a socket has at most 107 characters; loopback will do
            "-c",
            "max_connections=300", // several processes, each with a pool
            "-c",
            durable ? "fsync=on" : "fsync=off",
        ];
        IReadOnlyList<string> command = [.. EndsWithItsShell, binaries.Server, .. arguments];
        var (fileName, all) = account is null ? (command[0], command.Skip(1)) : account.Command(command[0], command.Skip(1));
        if (OperatingSystem.IsWindows())
            return new LocalProgram(fileName, [.. all]);
        // The orchestrator stops with SIGTERM, on which PostgreSQL would wait for every client to leave; SIGINT is its fast stop.
        var script = Path.Combine(context.DataFolder, "run-postgres");
        await File.WriteAllTextAsync(
            script,
            $"#!/bin/sh\n{string.Join(' ', all.Prepend(fileName).Select(Quoted))} &\np=$!\ntrap 'kill -INT $p' TERM INT\nwait $p\nwait $p\n",
            cancellationToken
        );
        return new LocalProgram("/bin/sh", [script]);
    }

    private static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
