using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Notify.Core.Data;
using Npgsql;

namespace Notify.Tests.Core.Hosting;

/// <summary>A PostgreSQL server of the installed binaries, on loopback, in a folder that is deleted afterwards; each test gets a migrated
/// database of its own.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    /// <summary>A user who needs <see cref="Password"/>; everybody else may do without.</summary>
    public const string GuardedUser = "guarded";

    public const string Password = "right";

    /// <summary>A user whom the server does not let in.</summary>
    public const string BarredUser = "barred";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("notify-postgres-").FullName;
    private readonly string _binaries = FindBinaries();
    private Process? _server;
    private int _databases;

    public int Port { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", "postgres", _folder);
        await RunAsPostgresAsync("initdb", "-D", Data, "-U", "notify", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
        var rules = Path.Combine(Data, "pg_hba.conf");
        await File.WriteAllTextAsync(
            rules,
            $"host all {GuardedUser} 127.0.0.1/32 scram-sha-256\nhost all {BarredUser} 127.0.0.1/32 reject\n"
                + await File.ReadAllTextAsync(rules)
        );
        for (var attempt = 1; !await TryStartAsync(); attempt++)
            Assert.True(attempt < 5, "PostgreSQL did not start on any of five free ports.");
        await ExecuteAsync("postgres", "CREATE DATABASE migrated");
        await ExecuteAsync("postgres", $"CREATE ROLE {GuardedUser} LOGIN SUPERUSER PASSWORD '{Password}'; CREATE ROLE {BarredUser} LOGIN");
        await using var context = NewContext(ConnectionString("migrated", pooled: false));
        await context.Database.MigrateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server is { HasExited: false } server)
        {
            await RunAsPostgresAsync("pg_ctl", "stop", "-D", Data, "-m", "immediate", "-w");
            await server.WaitForExitAsync();
        }
        _server?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The connection string of a new, migrated database.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} TEMPLATE migrated");
        return ConnectionString(name, pooled: true);
    }

    /// <summary>The connection string of a new database without a table.</summary>
    public async Task<string> CreateEmptyDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"empty{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync("postgres", $"CREATE DATABASE {name}");
        return ConnectionString(name, pooled: true);
    }

    public string ConnectionString(string database, bool pooled) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Username = "notify",
            Database = database,
            Pooling = pooled,
            MaxPoolSize = 60,
        }.ConnectionString;

    public static NotifyDbContext NewContext(string connectionString) =>
        new(new DbContextOptionsBuilder<NotifyDbContext>().UseNpgsql(connectionString).Options);

    private string Data => Path.Combine(_folder, "cluster");

    private async Task<bool> TryStartAsync()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        var port = string.Create(CultureInfo.InvariantCulture, $"port={Port}");
        _server = Start(
            AsPostgres(
                "postgres",
                "-D",
                Data,
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                port,
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=off",
                "-c",
                "max_connections=200",
                "-c",
                "log_min_messages=fatal"
            )
        );
        var started = Stopwatch.GetTimestamp();
        while (!_server.HasExited && Stopwatch.GetElapsedTime(started) < Patience)
        {
            try
            {
                await ExecuteAsync("postgres", "SELECT 1");
                return true;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(50); // between two questions to a server that is starting
            }
        }
        return false;
    }

    private async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database, pooled: false));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private Task RunAsPostgresAsync(string program, params string[] arguments)
    {
        var (file, all) = AsPostgres(program, arguments);
        return RunAsync(file, all);
    }

    /// <summary>PostgreSQL does not run as root.</summary>
    private (string File, string[] Arguments) AsPostgres(string program, params string[] arguments) =>
        Environment.IsPrivilegedProcess
            ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", Path.Combine(_binaries, program), .. arguments])
            : (Path.Combine(_binaries, program), arguments);

    private static Process Start((string File, string[] Arguments) command)
    {
        var process = new Process
        {
            StartInfo = new(command.File, command.Arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = "/",
            },
        };
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task RunAsync(string file, params string[] arguments)
    {
        using var process = Start((file, arguments));
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private static string FindBinaries()
    {
        const string debian = "/usr/lib/postgresql";
        var installed = Directory.Exists(debian) ? Directory.GetDirectories(debian).Select(version => Path.Combine(version, "bin")) : [];
        var folders = installed
            .OrderDescending(StringComparer.Ordinal)
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator));
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            ?? throw new InvalidOperationException(
                "These tests need PostgreSQL's server binaries (initdb, postgres) in PATH or in /usr/lib/postgresql."
            );
    }
}

/// <summary>Tests that share one server.</summary>
[CollectionDefinition(Name)]
public sealed class SharedPostgres : ICollectionFixture<PostgresServer>
{
    public const string Name = "postgres";
}
