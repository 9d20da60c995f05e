using Microsoft.Extensions.Logging;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;

namespace Notify.Sending.Lanes;

/// <summary>A database that is away is waited for: the lane stands, its partitions stay, nothing is lost.</summary>
internal sealed partial class DatabasePatience(Channel channel, Lane lane, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    public async Task<T> WaitAsync<T>(Func<Task<T>> work, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                return await work();
            }
            catch (Exception fault) when (DatabaseFaults.IsPassing(fault))
            {
                Log.Waiting(logger, channel, lane, fault.GetType().Name);
                await Task.Delay(RetryPause, time, stopping);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Channel} {Lane} waits for Postgres ({Fault}); trying again.")]
        public static partial void Waiting(ILogger logger, Channel channel, Lane lane, string fault);
    }
}
