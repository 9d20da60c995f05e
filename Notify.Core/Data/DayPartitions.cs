using Notify.Core.Notifications;
using Npgsql;

namespace Notify.Core.Data;

/// <summary>
/// Makes days' partitions of notifications and deliveries beside the traffic. A day is a table of its own first and is attached then, which
/// no reader or writer of the other days has to wait for, nor it for them (<c>CREATE TABLE … PARTITION OF</c> waits for all of them, and
/// they for it). See docs/decisions/0006-days-are-made-ahead.md.
/// </summary>
public sealed class DayPartitions(NpgsqlDataSource database)
{
    /// <summary>Days that are there before they begin. A record of a later day cannot be: ids ahead of the clock are refused.</summary>
    public const int Ahead = 3;

    // Serializes makers across processes; the number only has to differ from other advisory locks of this database.
    private const long LockKey = 0x4E6F_7469_6679_0001;

    // Attaching waits for work on the whole table: an index that is being built, another schema change. Whoever queues behind the maker
    // gets its turn between two attempts.
    private const int LockSeconds = 2;
    private const int MaxAttempts = 5;

    // Measured with 50, 60, 70 and 80: see docs/decisions/0008-rows-stay-in-place.md.
    private const int DeliveriesFill = 50;

    // Statistics of a day that has just begun lead Postgres to read all of it rather than a batch's rows; without any it takes the key.
    private const int DeliveriesAnalyzed = 5_000;

    /// <summary>The days around a moment: the one before, for what is still on its way, and <see cref="Ahead"/> to come.</summary>
    public static IEnumerable<DateTimeOffset> Around(DateTimeOffset now) =>
        Enumerable.Range(-1, Ahead + 2).Select(days => now.AddDays(days));

    /// <summary>Makes the days (UTC) of these times, where they are missing.</summary>
    /// <returns>How many days were made.</returns>
    /// <exception cref="PostgresException">With <see cref="PostgresErrorCodes.LockNotAvailable"/> where a schema change held the tables all
    /// the time; to be tried again later.</exception>
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
        await ExecuteAsync(
            connection,
            $"SET LOCAL lock_timeout = '{LockSeconds}s'; SELECT pg_advisory_xact_lock({LockKey})",
            cancellationToken
        );
        if (!await IsThereAsync(connection, day, cancellationToken)) // another maker may have been first
            await ExecuteAsync(connection, Make(day), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    // A delivery's row is written three times: room in each page keeps it on its page, and out of its indexes.
    private static string Make(DateOnly day) =>
        $"""
            CREATE TABLE IF NOT EXISTS notifications_{day:yyyyMMdd} (LIKE notifications INCLUDING ALL);
            ALTER TABLE notifications ATTACH PARTITION notifications_{day:yyyyMMdd}
                FOR VALUES FROM ('{day:yyyy-MM-dd} 00:00:00+00') TO ('{day.AddDays(1):yyyy-MM-dd} 00:00:00+00');
            CREATE TABLE IF NOT EXISTS deliveries_{day:yyyyMMdd} (LIKE deliveries INCLUDING ALL) WITH (fillfactor = {DeliveriesFill}, autovacuum_analyze_threshold = {DeliveriesAnalyzed});
            {AttachDeliveries(day)}
            """;

    internal static string AttachDeliveries(DateOnly day) =>
        $"""
            ALTER TABLE deliveries ATTACH PARTITION deliveries_{day:yyyyMMdd} FOR VALUES FROM ('{FirstOf(day)}') TO ('{FirstOf(
                day.AddDays(1)
            )}');
            """;

    private static Guid FirstOf(DateOnly day) => UuidV7.RangeAt(new(day, TimeOnly.MinValue, TimeSpan.Zero)).First;

    /// <summary>Both tables of a day are made in one transaction, so one tells of both.</summary>
    private static async Task<bool> IsThereAsync(NpgsqlConnection connection, DateOnly day, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT EXISTS (SELECT FROM pg_class WHERE oid = to_regclass(@name) AND relispartition)",
            connection
        );
        command.Parameters.Add(new("name", $"deliveries_{day:yyyyMMdd}"));
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
