using Notify.Benchmarks.Seeding;
using Npgsql;

namespace Notify.Benchmarks.Scenarios;

/// <summary>How many outcomes were committed together. Each row carries the transaction that wrote it last, and that of a sent delivery is
/// the one that wrote its outcome.</summary>
internal static class OutcomeTransactions
{
    private const string Sql =
        $"SELECT count(*)::float8 / nullif(count(DISTINCT xmin::text), 0) FROM deliveries WHERE tenant_id = '{SeedPlan.Tenant}' AND state = 'sent'";

    /// <summary>Rows a transaction, on average; null where nothing was sent.</summary>
    public static async Task<double?> RowsEachAsync(NpgsqlDataSource rows, CancellationToken cancellationToken)
    {
        await using var command = rows.CreateCommand(Sql);
        return await command.ExecuteScalarAsync(cancellationToken) as double?;
    }
}
