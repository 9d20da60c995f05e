using Npgsql;

namespace Notify.Benchmarks.Seeding;

/// <summary>The tables of a backlog.</summary>
internal static class SeedTables
{
    /// <summary>Removes the rows of earlier rounds, and makes the tenant whose backlog comes.</summary>
    public static Task ClearAsync(NpgsqlDataSource rows, CancellationToken cancellationToken) =>
        ExecuteAsync(
            rows,
            $"TRUNCATE notifications, deliveries, queued_batches, claims; INSERT INTO tenants (tenant_id, enabled, created_at) VALUES ('{SeedPlan.Tenant}', true, now()) ON CONFLICT DO NOTHING",
            cancellationToken
        );

    /// <summary>What was changed is analyzed, and is not written to disk during the measurement.</summary>
    public static async Task SettleAsync(NpgsqlDataSource rows, CancellationToken cancellationToken)
    {
        await ExecuteAsync(rows, "ANALYZE notifications, deliveries", cancellationToken);
        await ExecuteAsync(rows, "CHECKPOINT", cancellationToken);
    }

    /// <summary>How many rows are in each state, with the reason and the provider's code where there is one.</summary>
    public static async Task<Dictionary<string, long>> StatesAsync(NpgsqlDataSource rows, CancellationToken cancellationToken)
    {
        await using var command = rows.CreateCommand(
            $"SELECT concat_ws(' ', state, reason, code), count(*) FROM deliveries WHERE tenant_id = '{SeedPlan.Tenant}' GROUP BY 1"
        );
        var states = new Dictionary<string, long>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            states[reader.GetString(0)] = reader.GetInt64(1);
        return states;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource rows, string sql, CancellationToken cancellationToken)
    {
        await using var command = rows.CreateCommand(sql);
        command.CommandTimeout = 120;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
