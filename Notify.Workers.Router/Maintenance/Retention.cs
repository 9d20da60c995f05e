using Microsoft.Extensions.Options;
using Notify.Core.Data;
using Npgsql;

namespace Notify.Workers.Router.Maintenance;

/// <summary>Removes what is older than it is to be kept, at the start and every hour. Whether it runs late or twice decides
/// nothing.</summary>
internal sealed partial class Retention(
    DayRemoval days,
    NpgsqlDataSource database,
    IOptions<RetentionOptions> options,
    TimeProvider time,
    ILogger<Retention> logger
) : BackgroundService
{
    private const string LettersSql = """
        DELETE FROM dead_letters WHERE ctid = ANY(ARRAY(SELECT ctid FROM dead_letters WHERE created_at < @before LIMIT 5000))
        """;

    private const string ReplaysSql = """
        DELETE FROM replays WHERE ctid = ANY(ARRAY(SELECT ctid FROM replays WHERE created_at < @before AND state <> 'running' LIMIT 5000))
        """;

    private const string AuditSql =
        "DELETE FROM audit_log WHERE ctid = ANY(ARRAY(SELECT ctid FROM audit_log WHERE at < @before LIMIT 5000))";

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RemoveDaysAsync(stoppingToken);
                var now = time.GetUtcNow();
                await RemoveAsync(LettersSql, now.AddDays(-options.Value.DeadLetterDays), stoppingToken);
                await RemoveAsync(ReplaysSql, now.AddDays(-options.Value.DeadLetterDays), stoppingToken);
                await RemoveAsync(AuditSql, now.AddDays(-options.Value.AuditDays), stoppingToken);
            }
            catch (Exception fault)
                when ((DatabaseFaults.IsPassing(fault) || fault is PostgresException) && !stoppingToken.IsCancellationRequested)
            {
                Log.Later(logger, fault.GetType().Name);
            }
            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    private async Task RemoveDaysAsync(CancellationToken cancellationToken)
    {
        var first = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-options.Value.Days);
        var (removed, kept) = await days.RemoveBeforeAsync(first, cancellationToken);
        foreach (var day in removed)
            Log.Removed(logger, day);
        foreach (var day in kept)
            Log.Kept(logger, day);
    }

    /// <summary>A bounded number at a time, beside the traffic.</summary>
    private async Task RemoveAsync(string sql, DateTimeOffset before, CancellationToken cancellationToken)
    {
        int removed;
        do
        {
            await using var command = database.CreateCommand(sql);
            command.Parameters.Add(new("before", before));
            removed = await command.ExecuteNonQueryAsync(cancellationToken);
        } while (removed > 0);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Removed the notifications and deliveries of {Day}.")]
        public static partial void Removed(ILogger logger, DateOnly day);

        [LoggerMessage(
            LogLevel.Warning,
            "The deliveries of {Day} are older than Retention:Days and some are still open; the day is kept until they have ended."
        )]
        public static partial void Kept(ILogger logger, DateOnly day);

        [LoggerMessage(LogLevel.Warning, "What is older than its retention could not be removed ({Fault}); trying again in an hour.")]
        public static partial void Later(ILogger logger, string fault);
    }
}
