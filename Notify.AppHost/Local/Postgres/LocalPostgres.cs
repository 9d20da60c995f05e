using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.AppHost.Hosting;
using Npgsql;

namespace Notify.AppHost.Local.Postgres;

internal static class LocalPostgres
{
    /// <summary>A PostgreSQL server with one database, where servers are local processes; otherwise null.</summary>
    /// <returns>The database.</returns>
    public static IResourceBuilder<IResourceWithConnectionString>? AddLocalPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        string databaseName
    )
    {
        if (!builder.UsesLocalServers())
            return null;
        var port = Ports.Take();
        var password = ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password");
        var server = new LocalPostgresResource(name, port, password);
        var database = new LocalPostgresDatabaseResource(databaseName, server);
        builder
            .AddLocalServer(server, port, async (context, cancellationToken) =>
                await PostgresServer.PrepareAsync(
                    context,
                    LocalPostgresResource.UserName,
                    (await password.GetValueAsync(cancellationToken))!,
                    cancellationToken
                )
            )
            .WithHealthCheck(builder.AddCheck($"{name}_check", () => new PostgresAnswers(server, "postgres")))
            .OnResourceReady(
                async (_, ready, cancellationToken) =>
                {
                    await EnsureDatabaseAsync(server, databaseName, cancellationToken);
                    await builder.Eventing.PublishAsync(new ConnectionStringAvailableEvent(database, ready.Services), cancellationToken);
                    var now = ready.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
                    await ready
                        .Services.GetRequiredService<ResourceNotificationService>()
                        .PublishUpdateAsync(database, state => state with { State = KnownResourceStates.Running, StartTimeStamp = now });
                }
            );
        return builder
            .AddResource(database)
            .WithHealthCheck(builder.AddCheck($"{databaseName}_check", () => new PostgresAnswers(server, databaseName)));
    }

    public static async Task<string> ConnectionStringAsync(
        LocalPostgresResource server,
        string database,
        CancellationToken cancellationToken
    ) =>
        new NpgsqlConnectionStringBuilder(await server.ConnectionStringExpression.GetValueAsync(cancellationToken))
        {
            Database = database,
            Pooling = false,
            Timeout = 5,
            CommandTimeout = 30,
        }.ConnectionString;

    private static async Task EnsureDatabaseAsync(LocalPostgresResource server, string database, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(await ConnectionStringAsync(server, "postgres", cancellationToken));
        await connection.OpenAsync(cancellationToken);
        await using var known = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection)
        {
            Parameters = { new() { Value = database } },
        };
        if (await known.ExecuteScalarAsync(cancellationToken) is not null)
            return;
        await using var create = new NpgsqlCommand($"CREATE DATABASE \"{database}\"", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }
}

internal sealed class LocalPostgresResource(string name, int port, ParameterResource password) : LocalServerResource(name, port)
{
    public const string UserName = "postgres";

    public override ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create(
            $"Host=127.0.0.1;Port={Port.ToString(CultureInfo.InvariantCulture)};Username={UserName};Password={password}"
        );
}

internal sealed class LocalPostgresDatabaseResource(string name, LocalPostgresResource parent)
    : Resource(name),
        IResourceWithParent<LocalPostgresResource>,
        IResourceWithConnectionString
{
    public LocalPostgresResource Parent { get; } = parent;
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent};Database={Name}");
}

/// <summary>Healthy when a connection to the database opens.</summary>
internal sealed class PostgresAnswers(LocalPostgresResource server, string database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var connection = new NpgsqlConnection(
                await LocalPostgres.ConnectionStringAsync(server, database, cancellationToken)
            );
            await connection.OpenAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException failed)
        {
            return HealthCheckResult.Unhealthy($"It does not accept connections: {failed.Message}");
        }
    }
}
