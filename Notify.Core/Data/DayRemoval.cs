using System.Globalization;
using Npgsql;

namespace Notify.Core.Data;

/// <summary>
/// Drops whole days of notifications and deliveries, beside the traffic: a day is detached first, which no reader or writer of the other
/// days waits for, and dropped then. A day in which something is still open is kept. See docs/decisions/0006-days-are-made-ahead.md.
/// </summary>
public sealed class DayRemoval(NpgsqlDataSource database)
{
    private const long LockKey = 0x4E6F_7469_6679_0002; // one process removes at a time
    private const int LockSeconds = 10; // what still reads a day is waited for so long, and the next round goes on

    // Attached, being detached, or left behind by a round that was cut off.
    private const string DaysSql = """
        SELECT c.relname, i.inhrelid IS NOT NULL, coalesce(i.inhdetachpending, false)
          FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname ~ '^(deliveries|notifications)_[0-9]{8}$'
         ORDER BY right(c.relname, 8), c.relname
        """;

    /// <summary>Removes the days before a day.</summary>
    /// <returns>The days that were removed, and those that are kept because something in them is open.</returns>
    /// <exception cref="PostgresException">With <see cref="PostgresErrorCodes.LockNotAvailable"/> where somebody reads a day all the time;
    /// to be tried again later.</exception>
    public async Task<(IReadOnlyList<DateOnly> Removed, IReadOnlyList<DateOnly> Kept)> RemoveBeforeAsync(
        DateOnly first,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (!await AskAsync($"SELECT pg_try_advisory_lock({LockKey})", connection, cancellationToken))
            return ([], []);
        try
        {
            await ExecuteAsync($"SET lock_timeout = '{LockSeconds}s'", connection, cancellationToken);
            var (removed, kept) = (new List<DateOnly>(), new List<DateOnly>());
            foreach (
                var day in (await ListAsync(connection, cancellationToken)).Where(table => table.Day < first).GroupBy(table => table.Day)
            )
            {
                var isRemoved = await TryRemoveAsync([.. day], connection, cancellationToken);
                (isRemoved ? removed : kept).Add(day.Key);
            }
            return (removed, kept);
        }
        finally
        {
            await ExecuteAsync($"RESET lock_timeout; SELECT pg_advisory_unlock({LockKey})", connection, CancellationToken.None);
        }
    }

    private static async Task<List<DayTable>> ListAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var tables = new List<DayTable>();
        await using var command = new NpgsqlCommand(DaysSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var name = reader.GetString(0);
            if (DateOnly.TryParseExact(name[^8..], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                tables.Add(new(name, day, reader.GetBoolean(1), reader.GetBoolean(2)));
        }
        return tables;
    }

    private static async Task<bool> IsOpenAsync(
        IEnumerable<DayTable> day,
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    ) =>
        day.FirstOrDefault(table => table.Parent == "deliveries") is { } deliveries
        && await AskAsync(
            $"SELECT EXISTS (SELECT FROM {deliveries.Name} WHERE state IN ('queued', 'sending', 'waiting'))",
            connection,
            cancellationToken
        );

    /// <summary>Deliveries first. False where something is open: before the day is detached, or since, as by a replay that ran
    /// meanwhile.</summary>
    private static async Task<bool> TryRemoveAsync(
        IReadOnlyList<DayTable> day,
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        if (
            day.Any(table => table is { Parent: "deliveries", IsAttached: true, IsDetaching: false })
            && await IsOpenAsync(day, connection, cancellationToken)
        )
            return false;
        foreach (var table in day)
        {
            if (table.IsAttached)
            {
                var how = table.IsDetaching ? "FINALIZE" : "CONCURRENTLY";
                await ExecuteAsync($"ALTER TABLE {table.Parent} DETACH PARTITION {table.Name} {how}", connection, cancellationToken);
            }
            if (table.Parent == "deliveries" && await IsOpenAsync(day, connection, cancellationToken))
            {
                await ExecuteAsync(DayPartitions.AttachDeliveries(table.Day), connection, cancellationToken);
                return false;
            }
            await ExecuteAsync($"DROP TABLE {table.Name}", connection, cancellationToken);
        }
        return true;
    }

    private static async Task<bool> AskAsync(string sql, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task ExecuteAsync(string sql, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed record DayTable(string Name, DateOnly Day, bool IsAttached, bool IsDetaching)
    {
        public string Parent => Name[..^9];
    }
}
