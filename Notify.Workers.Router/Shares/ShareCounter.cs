using Microsoft.Extensions.Options;
using Notify.Core.Data;

namespace Notify.Workers.Router.Shares;

/// <summary>Keeps the shares in step with the rows: often while something moves, now and then in quiet, since other routers queue too.</summary>
internal sealed partial class ShareCounter(TenantShares shares, ShareStore store, IOptions<RouterOptions> options, TimeProvider time, ILogger<ShareCounter> logger) : BackgroundService
{
    private static readonly TimeSpan QuietInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AwaitedPause = TimeSpan.FromMilliseconds(500);

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
            var pause = PauseAfter(time.GetElapsedTime(started), shares.IsAwaited, options.Value.ShareInterval);
            var end = time.GetUtcNow() + QuietInterval;
            do
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (shares.IsQuiet && time.GetUtcNow() < end && !stoppingToken.IsCancellationRequested);
        }
    }

    /// <summary>
    /// Where very much is queued, counting takes a while: then it is done less often, so that it takes no more than a tenth of a connection. Where deliveries wait for their share it is done sooner, and never seldom:
    /// until the next count nobody knows that the lane has drained, and they would stand before an empty one.
    /// </summary>
    internal static TimeSpan PauseAfter(TimeSpan took, bool isAwaited, TimeSpan interval)
    {
        var pause = isAwaited ? TimeSpan.FromTicks(Math.Min((took * 4).Ticks, AwaitedPause.Ticks)) : took * 9;
        return pause > interval ? pause : interval;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Counting the tenants' shares waits ({Fault}); trying again.")]
        public static partial void Waiting(ILogger logger, string fault);
    }
}
