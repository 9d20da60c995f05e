using System.Runtime.Versioning;
using Notify.AppHost.Local;
using Notify.AppHost.Local.Postgres;
using Npgsql;

namespace Notify.Tests.Distributed.AppHost.Local.Postgres;

[UnsupportedOSPlatform("windows")]
public sealed class PostgresServerTests : IAsyncLifetime
{
    private readonly ServerFolders _folders = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _folders.DisposeAsync();

    [Fact]
    public async Task Data_survives_a_stop_and_a_kill()
    {
        var first = await StartAsync();
        await ExecuteAsync(first, "CREATE TABLE kept (value int); INSERT INTO kept VALUES (1)");
        await first.StopAsync();

        var second = await StartAsync();
        await ExecuteAsync(second, "INSERT INTO kept VALUES (2)");
        await second.KillAsync();

        var third = await StartAsync();
        Assert.Equal(3L, await ExecuteAsync(third, "SELECT sum(value) FROM kept"));
        Assert.Equal("on", await ExecuteAsync(third, "SHOW full_page_writes"));
        Assert.Equal("127.0.0.1", await ExecuteAsync(third, "SHOW listen_addresses"));
        Assert.Equal("", await ExecuteAsync(third, "SHOW unix_socket_directories"));
    }

    [Fact]
    public async Task Stale_process_file_that_names_a_living_process_is_no_obstacle()
    {
        await (await StartAsync()).StopAsync();
        var cluster = Path.Combine(_folders.DataFolder, "cluster");
        await using var stranger = StartStranger(); // PostgreSQL believes only in processes of its own user
        await File.WriteAllTextAsync(
            Path.Combine(cluster, "postmaster.pid"),
            $"{stranger.ProcessId}\n{cluster}\n1700000000\n5432\n",
            TestContext.Current.CancellationToken
        );

        Assert.Equal(1, await ExecuteAsync(await StartAsync(), "SELECT 1"));
        Assert.False(stranger.HasExited);
    }

    [Fact]
    public async Task Server_left_behind_by_a_killed_host_is_stopped_first()
    {
        var orphan = await StartAsync();

        var next = await StartAsync();

        await orphan.ExitedAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(1, await ExecuteAsync(next, "SELECT 1"));
        Assert.Contains(_folders.Log, line => line.Contains("left", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Server_ends_with_the_shell_that_holds_it()
    {
        var first = await StartAsync();

        await first.KillAloneAsync(); // ends only when nobody holds its output any more

        Assert.Equal(1, await ExecuteAsync(await StartAsync(), "SELECT 1"));
        Assert.DoesNotContain(_folders.Log, line => line.Contains("left", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Other_password_is_given_to_an_existing_cluster()
    {
        await (await StartAsync()).StopAsync();

        var changed = await StartAsync("it's \"another\"");

        Assert.Equal(1, await ExecuteAsync(changed, "SELECT 1", "it's \"another\""));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(changed, "SELECT 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Fact]
    public async Task Password_file_is_readable_by_its_owner_alone()
    {
        await StartAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folders.DataFolder, "password")));
        Assert.DoesNotContain(_folders.Log, line => line.Contains(Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Data_of_a_version_that_is_not_installed_is_left_alone_with_advice()
    {
        var cluster = Directory.CreateDirectory(Path.Combine(_folders.DataFolder, "cluster")).FullName;
        await File.WriteAllTextAsync(Path.Combine(cluster, "PG_VERSION"), "9\n", TestContext.Current.CancellationToken);

        var missing = await Assert.ThrowsAsync<MissingPieceException>(() => StartAsync());

        Assert.Contains("made by PostgreSQL 9", missing.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(cluster, "PG_VERSION")));
    }

    private const string Password = "secret-of-this-test";

    private async Task<RunningServer> StartAsync(string password = Password)
    {
        var server = await _folders.StartAsync(
            (context, cancel) => PostgresServer.PrepareAsync(context, "postgres", password, cancel),
            ("Postgres:Fsync", "off")
        );
        return await server.ReadyAsync(async cancel =>
        {
            try
            {
                await ExecuteAsync(server, "SELECT 1", password);
                return true;
            }
            catch (PostgresException starting) when (starting.SqlState == PostgresErrorCodes.CannotConnectNow)
            {
                return false;
            }
            catch (NpgsqlException refused) when (refused is not PostgresException)
            {
                return false;
            }
        });
    }

    private static RunningServer StartStranger()
    {
        var (program, arguments) = PostgresAccount.Needed() is { } account ? account.Command("sleep", ["300"]) : ("sleep", ["300"]);
        return RunningServer.Start(new LocalProgram(program, arguments), 0, "/");
    }

    private static async Task<object?> ExecuteAsync(RunningServer server, string sql, string password = Password)
    {
        var address = new NpgsqlConnectionStringBuilder
        {
            Host = "localhost",
            Port = server.Port,
            Username = "postgres",
            Password = password,
            Pooling = false,
        };
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
