using Microsoft.Extensions.Options;
using Notify.Core.Data;

namespace Notify.Workers.Router.Shares;

/// <summary>Keeps the shares in step with the rows: often while something moves, now and then in quiet, since other routers queue
/// too.</summary>
internal sealed partial class ShareCounter(
    TenantShares shares,
    ShareStore store,
    IOptions<RouterOptions> options,
    TimeProvider time,
    ILogger<ShareCounter> logger
) : BackgroundService
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
            var (took, ended) = (time.GetElapsedTime(started), time.GetTimestamp());
            do await Task.Delay(options.Value.ShareInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (
                !stoppingToken.IsCancellationRequested && time.GetElapsedTime(ended) < PauseAfter(took, shares.IsQuiet, shares.IsAwaited)
            );
        }
    }

    /// <summary>
    /// Where very much is queued, counting takes a while: then it is done less often, so that it takes no more than a tenth of a
    /// connection. As soon as deliveries wait for their share it is done sooner, and never seldom: until the next count nobody knows that
    /// the lane has drained, and they would stand before an empty one.
    /// </summary>
    internal static TimeSpan PauseAfter(TimeSpan took, bool isQuiet, bool isAwaited)
    {
        if (isQuiet)
            return QuietInterval;
        return isAwaited ? TimeSpan.FromTicks(Math.Min((took * 4).Ticks, AwaitedPause.Ticks)) : took * 9;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Counting the tenants' shares waits ({Fault}); trying again.")]
        public static partial void Waiting(ILogger logger, string fault);
    }
}
