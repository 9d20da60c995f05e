using System.Collections.Concurrent;
using Npgsql;

namespace Notify.Core.Data;

/// <summary>
/// Makes the day's partition of notifications and deliveries when the first row for it comes, whatever day the id says: a record that waited
/// in Kafka over midnight belongs to the day it was accepted.
/// </summary>
public sealed class DayPartitions(NpgsqlDataSource database)
{
    // Serializes makers across processes; the number only has to differ from other advisory locks of this database.
    private const long LockKey = 0x4E6F_7469_6679_0001;
    private readonly ConcurrentDictionary<DateOnly, bool> _known = new();

    public async Task EnsureAsync(IEnumerable<DateTimeOffset> acceptTimes, CancellationToken cancellationToken)
    {
        foreach (var day in acceptTimes.Select(time => DateOnly.FromDateTime(time.UtcDateTime)).Distinct())
        {
            if (_known.ContainsKey(day))
                continue;
            await MakeAsync(day, cancellationToken);
            _known[day] = true;
        }
    }

    private async Task MakeAsync(DateOnly day, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT pg_advisory_xact_lock({LockKey});
            {Make("notifications", day)}
            {Make("deliveries", day)}
            """;
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    // Rows of deliveries change several times: room in each page keeps the changed row on it.
    private static string Make(string table, DateOnly day) =>
        $"CREATE TABLE IF NOT EXISTS {table}_{day:yyyyMMdd} PARTITION OF {table} FOR VALUES FROM ('{day:yyyy-MM-dd} 00:00:00+00') TO ('{day.AddDays(1):yyyy-MM-dd} 00:00:00+00'){(table == "deliveries" ? " WITH (fillfactor = 70)" : "")};";
}
