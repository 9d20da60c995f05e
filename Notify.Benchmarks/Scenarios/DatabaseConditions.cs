using Npgsql;

namespace Notify.Benchmarks.Scenarios;

/// <summary>What of the database's settings decides a figure.</summary>
internal static class DatabaseConditions
{
    public static async Task<string> ReadAsync(NpgsqlDataSource rows, CancellationToken cancellationToken)
    {
        await using var command = rows.CreateCommand(
            "SELECT format('%s, fsync %s, synchronous_commit %s, shared_buffers %s', current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit'), current_setting('shared_buffers'))"
        );
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
