using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Aspire.Hosting.PostgreSQL.Local;

/// <summary>Healthy when a new connection to the database answers a query.</summary>
internal sealed class PostgresHealthCheck(PostgresServerResource server, string database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!server.PrimaryEndpoint.IsAllocated)
            return HealthCheckResult.Unhealthy("It has no port yet.");
        try
        {
            await using var connection = new NpgsqlConnection(await PostgresDatabases.ConnectionStringAsync(server, database, cancellationToken));
            await connection.OpenAsync(cancellationToken);
            await using var query = new NpgsqlCommand("SELECT 1", connection);
            await query.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException failed)
        {
            return HealthCheckResult.Unhealthy($"It does not accept connections: {failed.Message}");
        }
    }
}
