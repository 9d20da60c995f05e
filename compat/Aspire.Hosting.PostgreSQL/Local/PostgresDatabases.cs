using Aspire.Hosting.ApplicationModel;
using Npgsql;

namespace Aspire.Hosting.PostgreSQL.Local;

internal static class PostgresDatabases
{
    /// <summary>A connection of one's own to one database of the server, outside any pool.</summary>
    public static async Task<string> ConnectionStringAsync(PostgresServerResource server, string database, CancellationToken cancellationToken) =>
        new NpgsqlConnectionStringBuilder(await ((IResourceWithConnectionString)server).GetConnectionStringAsync(cancellationToken))
        {
            Database = database,
            Pooling = false,
            Timeout = 5,
            CommandTimeout = 30,
        }.ConnectionString;

    /// <summary>Creates the application's databases, those that are not there.</summary>
    public static async Task CreateAsync(PostgresServerResource server, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(await ConnectionStringAsync(server, "postgres", cancellationToken));
        await connection.OpenAsync(cancellationToken);
        foreach (var database in server.Databases.Values.Distinct(StringComparer.Ordinal))
        {
            await using var known = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = database } } };
            if (await known.ExecuteScalarAsync(cancellationToken) is not null)
                continue;
            await using var create = new NpgsqlCommand($"CREATE DATABASE \"{database.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
