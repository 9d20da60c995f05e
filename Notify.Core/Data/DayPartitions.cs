using Npgsql;

namespace Notify.Core.Data;

/// <summary>
/// Makes days' partitions of notifications and deliveries beside the traffic. A day is a table of its own first and is attached then, which no reader or writer of the
/// other days has to wait for, nor it for them (<c>CREATE TABLE … PARTITION OF</c> waits for all of them, and they for it). See docs/decisions/0006-days-are-made-ahead.md.
/// </summary>
public sealed class DayPartitions(NpgsqlDataSource database)
{
    /// <summary>Days that are there before they begin. A record of a later day cannot be: ids ahead of the clock are refused.</summary>
    public const int Ahead = 3;

    // Serializes makers across processes; the number only has to differ from other advisory locks of this database.
    private const long LockKey = 0x4E6F_7469_6679_0001;

    // Attaching waits for work on the whole table: an index that is being built, another schema change. Whoever queues behind the maker gets its turn between two attempts.
    private const int LockSeconds = 2;
    private const int MaxAttempts = 5;

    private static readonly string[] Tables = ["notifications", "deliveries"];

    /// <summary>The days around a moment: the one before, for what is still on its way, and <see cref="Ahead"/> to come.</summary>
    public static IEnumerable<DateTimeOffset> Around(DateTimeOffset now) => Enumerable.Range(-1, Ahead + 2).Select(days => now.AddDays(days));

    /// <summary>Makes the days (UTC) of these times, where they are missing.</summary>
    /// <returns>How many days were made.</returns>
    /// <exception cref="PostgresException">With <see cref="PostgresErrorCodes.LockNotAvailable"/> where a schema change held the tables all the time; to be tried again later.</exception>
    public async Task<int> EnsureAsync(IEnumerable<DateTimeOffset> times, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var made = 0;
        foreach (var day in times.Select(time => DateOnly.FromDateTime(time.UtcDateTime)).Distinct())
        {
            if (await IsThereAsync(connection, day, cancellationToken))
                continue;
            await MakeAsync(connection, day, cancellationToken);
            made++;
        }
        return made;
    }

    private static async Task MakeAsync(NpgsqlConnection connection, DateOnly day, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryMakeAsync(connection, day, cancellationToken);
                return;
            }
            catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.LockNotAvailable && attempt < MaxAttempts)
            {
                // All that this attempt held is free again.
            }
        }
    }

    private static async Task TryMakeAsync(NpgsqlConnection connection, DateOnly day, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SET LOCAL lock_timeout = '{LockSeconds}s'; SELECT pg_advisory_xact_lock({LockKey})", cancellationToken);
        if (!await IsThereAsync(connection, day, cancellationToken))   // another maker may have been first
            await ExecuteAsync(connection, string.Concat(Tables.Select(table => Make(table, day))), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    // Rows of deliveries change several times: room in each page keeps the changed row on it.
    private static string Make(string table, DateOnly day) => $"""
        CREATE TABLE IF NOT EXISTS {table}_{day:yyyyMMdd} (LIKE {table} INCLUDING ALL){(table == "deliveries" ? " WITH (fillfactor = 70)" : "")};
        ALTER TABLE {table} ATTACH PARTITION {table}_{day:yyyyMMdd} FOR VALUES FROM ('{day:yyyy-MM-dd} 00:00:00+00') TO ('{day.AddDays(1):yyyy-MM-dd} 00:00:00+00');

        """;

    /// <summary>Both tables of a day are made in one transaction, so one tells of both.</summary>
    private static async Task<bool> IsThereAsync(NpgsqlConnection connection, DateOnly day, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_class WHERE oid = to_regclass(@name) AND relispartition)", connection);
        command.Parameters.Add(new("name", $"{Tables[^1]}_{day:yyyyMMdd}"));
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
