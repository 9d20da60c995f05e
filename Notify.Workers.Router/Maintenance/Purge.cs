using Notify.Core.Data;
using Notify.Core.Suppressions;
using Notify.Workers.Router.Intake;
using Npgsql;

namespace Notify.Workers.Router.Maintenance;

/// <summary>Removes what no longer counts: keys after their day, early cancellations after their notification's life, suppressions
/// after their end. Whether it runs late
/// or twice decides nothing.</summary>
internal sealed partial class Purge(NpgsqlDataSource database, TimeProvider time, ILogger<Purge> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (
                    await DedupKeyStore.PurgeAsync(database, time.GetUtcNow(), stoppingToken)
                        + await CancellationStore.PurgeAsync(database, time.GetUtcNow(), stoppingToken)
                        + await SuppressionRows.PurgeAsync(database, time.GetUtcNow(), stoppingToken)
                    > 0
                ) { }
            }
            catch (Exception fault) when (DatabaseFaults.IsPassing(fault))
            {
                Log.Later(logger, fault.GetType().Name);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Old deduplication keys, cancellations and suppressions could not be removed ({Fault}); trying again later."
        )]
        public static partial void Later(ILogger logger, string fault);
    }
}
