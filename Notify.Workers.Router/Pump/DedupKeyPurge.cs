using Notify.Core.Data;
using Notify.Workers.Router.Intake;
using Npgsql;

namespace Notify.Workers.Router.Pump;

/// <summary>Keeps dedup_keys to the day that counts. Whether it runs late or twice decides nothing: an old key is also passed over when it is met.</summary>
internal sealed partial class DedupKeyPurge(NpgsqlDataSource database, TimeProvider time, ILogger<DedupKeyPurge> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await DedupKeyStore.PurgeAsync(database, time.GetUtcNow(), stoppingToken) > 0)
                {
                }
            }
            catch (Exception fault) when (DatabaseFaults.IsPassing(fault))
            {
                Log.Later(logger, fault.GetType().Name);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Old deduplication keys could not be removed ({Fault}); trying again later.")]
        public static partial void Later(ILogger logger, string fault);
    }
}
