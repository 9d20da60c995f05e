using Npgsql;

namespace Notify.Benchmarks.Scenarios;

/// <summary>Postgres' log of changes.</summary>
internal static class DatabaseLog
{
    /// <summary>How many bytes were ever written into it.</summary>
    public static async Task<long> BytesAsync(NpgsqlDataSource rows, CancellationToken cancellationToken)
    {
        await using var command = rows.CreateCommand("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
