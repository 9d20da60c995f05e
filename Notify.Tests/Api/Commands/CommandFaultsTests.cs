using Notify.Tests.Core.Hosting;
using Npgsql;

namespace Notify.Tests.Api.Commands;

/// <summary>Commands that Postgres does not let do their work: one line that says what to check, and no password.</summary>
public sealed class CommandFaultsTests(PostgresServer server) : DatabaseTests(server)
{
    private const string Keys = "keys create --tenant acme --scopes send";
    private readonly PostgresServer _server = server;

    [Theory]
    [InlineData(Keys)]
    [InlineData("migrate")]
    public async Task Wrong_password_is_told_at_once(string words)
    {
        var errors = await FailAsync(words, database =>
            (database.Username, database.Password) = (PostgresServer.GuardedUser, "wrong-secret")
        );
        Assert.StartsWith(
            $"Postgres at 127.0.0.1:{_server.Port} refuses user {PostgresServer.GuardedUser}: check Username and Password in ConnectionStrings:notifydb.",
            errors,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(Keys)]
    [InlineData("migrate")]
    public async Task Missing_password_is_told_at_once(string words) =>
        Assert.Contains(
            "asks for a password",
            await FailAsync(words, database => database.Username = PostgresServer.GuardedUser),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Barred_user_is_told_at_once() =>
        Assert.Contains(
            $"refuses user {PostgresServer.BarredUser}",
            await FailAsync(Keys, database => database.Username = PostgresServer.BarredUser),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(Keys)]
    [InlineData("migrate")]
    public async Task Missing_database_is_told_at_once(string words) =>
        Assert.Contains(
            "has no database nowhere: create it",
            await FailAsync(words, database => database.Database = "nowhere"),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Refused_connection_is_told_at_once() =>
        Assert.Contains(
            "Postgres at 127.0.0.1:1 does not answer (ConnectionRefused)",
            await FailAsync(Keys, database => database.Port = 1),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Database_without_tables_asks_for_the_migration() =>
        Assert.Contains(
            "run Notify.Api migrate first",
            await FailAsync(Keys, database => database.Database = "postgres"),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Text_that_is_no_connection_string_is_told_at_once() =>
        Assert.Contains(
            "is not a connection string of Postgres",
            (await ProgramRun.ToEndAsync("Notify.Api", Keys, ("notifydb", "localhost:5432"))).Errors,
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Right_password_makes_a_key()
    {
        var database = new NpgsqlConnectionStringBuilder(Database.ConnectionString)
        {
            Username = PostgresServer.GuardedUser,
            Password = PostgresServer.Password,
        };

        var run = await ProgramRun.ToEndAsync("Notify.Api", Keys, ("notifydb", database.ConnectionString));

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("ntf_", run.Output, StringComparison.Ordinal);
        Assert.Equal(["acme"], await Database.ListAsync("SELECT tenant_id FROM api_keys"));
    }

    [Fact]
    public async Task Migration_makes_the_days_around_now()
    {
        using var kafka = new KafkaBroker();

        var run = await ProgramRun.ToEndAsync("Notify.Api", "migrate", ("notifydb", Database.ConnectionString), ("kafka", kafka.Address));

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(
            10L,
            await Database.ScalarAsync<long>(
                "SELECT count(*) FROM pg_inherits WHERE inhparent IN ('notifications'::regclass, 'deliveries'::regclass)"
            )
        );
    }

    private async Task<string> FailAsync(string words, Action<NpgsqlConnectionStringBuilder> change)
    {
        var database = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
        change(database);

        var run = await ProgramRun.ToEndAsync("Notify.Api", words, ("notifydb", database.ConnectionString), ("kafka", "127.0.0.1:1"));

        Assert.Equal(1, run.ExitCode);
        run.AssertNoStackTrace();
        Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("secret", run.Errors + run.Output, StringComparison.Ordinal);
        return run.Errors;
    }
}
