using Notify.Core.Data;
using Npgsql;

namespace Notify.Workers.Router.Maintenance;

/// <summary>Makes the partitions of the days to come, at the start and every hour. Several Routers may do it: one makes a day, the others
/// find it.</summary>
internal sealed partial class DaysAhead(DayPartitions days, TimeProvider time, ILogger<DaysAhead> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Interval;
            try
            {
                if (await days.EnsureAsync(DayPartitions.Around(time.GetUtcNow()), stoppingToken) is > 0 and var made)
                    Log.Made(logger, made);
            }
            catch (Exception fault)
                when ((DatabaseFaults.IsPassing(fault) || fault is PostgresException) && !stoppingToken.IsCancellationRequested)
            {
                Log.Later(logger, fault.GetType().Name);
                pause = FaultPause;
            }
            await Task.Delay(pause, time, stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Made the partitions of {Count} days.")]
        public static partial void Made(ILogger logger, int count);

        [LoggerMessage(LogLevel.Warning, "The partitions of the days to come could not be made ({Fault}); trying again.")]
        public static partial void Later(ILogger logger, string fault);
    }
}
