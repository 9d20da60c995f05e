using Microsoft.Extensions.Options;
using Notify.Core.Data;
using Notify.Core.Messaging;

namespace Notify.Workers.Router.Pump;

/// <summary>
/// Takes rows that came due (retries, and claims past their lease) and produces them again. Several routers share the work: a row that one of them holds is passed over by the others.
/// </summary>
internal sealed partial class DuePump(DueStore store, IOptions<RouterOptions> options, TimeProvider time, ILogger<DuePump> logger) : BackgroundService
{
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = options.Value.PumpInterval;
            try
            {
                if (await store.ReleaseAsync(options.Value.PumpBatch, stoppingToken) == options.Value.PumpBatch)
                    continue;   // there is more
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (DatabaseFaults.IsPassing(fault) || fault is ProduceFailedException)
            {
                Log.Waiting(logger, fault.GetType().Name);
                pause = FaultPause;
            }
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Releasing due deliveries waits ({Fault}); trying again.")]
        public static partial void Waiting(ILogger logger, string fault);
    }
}
