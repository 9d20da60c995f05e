using Notify.Core.Data;
using Notify.Core.Messaging;
using Npgsql;

namespace Notify.Workers.Router.Replays;

/// <summary>Moves running replays on, step by step. Several routers share the work: a replay that one of them holds is passed over by the
/// others.</summary>
internal sealed partial class ReplayRunner(ReplayStore store, TimeProvider time, ILogger<ReplayRunner> logger) : BackgroundService
{
    private const string IdleInTransactionTimeout = "25P03"; // the database cut a step off that had stood still
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Interval;
            try
            {
                if (await store.StepAsync(stoppingToken))
                    continue; // another may be due
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
                when (DatabaseFaults.IsPassing(fault)
                    || fault is ProduceFailedException or PostgresException { SqlState: IdleInTransactionTimeout }
                )
            {
                Log.Waiting(logger, fault.GetType().Name);
                pause = FaultPause;
            }
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Replaying dead letters waits ({Fault}); trying again.")]
        public static partial void Waiting(ILogger logger, string fault);
    }
}
