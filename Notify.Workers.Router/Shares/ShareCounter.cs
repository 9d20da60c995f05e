using Microsoft.Extensions.Options;
using Notify.Core.Data;

namespace Notify.Workers.Router.Shares;

/// <summary>Keeps the shares in step with the rows: often while something moves, now and then in quiet, since other routers queue too.</summary>
internal sealed partial class ShareCounter(TenantShares shares, ShareStore store, IOptions<RouterOptions> options, TimeProvider time, ILogger<ShareCounter> logger) : BackgroundService
{
    private static readonly TimeSpan QuietInterval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            try
            {
                var counted = shares.BeginCount();
                var (queued, waiting, weights) = await store.CountAsync(stoppingToken);
                counted(queued, waiting, weights);
            }
            catch (Exception fault) when (DatabaseFaults.IsPassing(fault))
            {
                Log.Waiting(logger, fault.GetType().Name);
            }
            // Where very much is queued, counting takes a while: then it is done less often, so that it never takes more than a tenth of a connection.
            var took = time.GetElapsedTime(started);
            var interval = took * 9 > options.Value.ShareInterval ? took * 9 : options.Value.ShareInterval;
            var end = time.GetUtcNow() + QuietInterval;
            do
                await Task.Delay(interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (shares.IsQuiet && time.GetUtcNow() < end && !stoppingToken.IsCancellationRequested);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Counting the tenants' shares waits ({Fault}); trying again.")]
        public static partial void Waiting(ILogger logger, string fault);
    }
}
