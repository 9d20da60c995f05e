using System.Globalization;
using Notify.Core.Data;
using Notify.Core.Notifications;
using Npgsql;

namespace Notify.Workers.Router;

/// <summary>
/// How far back anything waits. What waits is looked for twenty times a second, and each day has a table of its own: of most of the ninety
/// that are kept nothing is open any more, so those need not be opened each time. The last days are always looked at, and older ones as long
/// as something of them waits, which is found within half a minute.
/// </summary>
internal sealed partial class OpenDays(NpgsqlDataSource database, TimeProvider time, ILogger<OpenDays> logger) : BackgroundService
{
    private const int AlwaysDays = 4; // a notification lives for three unless it asks for more
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private const string DaysSql = """
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = 'deliveries'::regclass AND NOT i.inhdetachpending AND c.relname ~ '^deliveries_[0-9]{8}$'
         ORDER BY c.relname
        """;

    private volatile FirstId _since = new(Guid.Empty);

    /// <summary>The first delivery id that can belong to a row that waits; the smallest of all while that is not known.</summary>
    public Guid Since => _since.Value;

    /// <summary>Looks now.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var recent = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(1 - AlwaysDays);
        foreach (var day in await ListAsync(connection, cancellationToken))
        {
            if (day >= recent)
                break;
            if (!await IsOpenAsync(connection, day, cancellationToken))
                continue;
            recent = day;
            break;
        }
        _since = new(UuidV7.RangeAt(new(recent, TimeOnly.MinValue, TimeSpan.Zero)).First);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception fault) when (DatabaseFaults.IsPassing(fault) || IsOfADayThatWent(fault))
            {
                Log.Later(logger, fault.GetType().Name);
            }
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<List<DateOnly>> ListAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var days = new List<DateOnly>();
        await using var command = new NpgsqlCommand(DaysSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            days.Add(DateOnly.ParseExact(reader.GetString(0)[^8..], "yyyyMMdd", CultureInfo.InvariantCulture));
        return days;
    }

    private static async Task<bool> IsOpenAsync(NpgsqlConnection connection, DateOnly day, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT EXISTS (SELECT FROM deliveries_{day:yyyyMMdd} WHERE due_at IS NOT NULL)",
            connection
        );
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static bool IsOfADayThatWent(Exception fault) => fault is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable };

    private sealed record FirstId(Guid Value); // read and written as one

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Finding the oldest day with something open waits ({Fault}); trying again.")]
        public static partial void Later(ILogger logger, string fault);
    }
}
