using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Notify.Core.Caching;

/// <summary>Calls to Redis that may fail: it is an accelerator, so a fault is a miss.</summary>
public static partial class RedisCalls
{
    // A Redis that hangs must not hang the accept path.
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    /// <summary>The answer; the default where Redis is away, slow or refuses.</summary>
    /// <param name="call">The call.</param>
    /// <param name="logger">Where a fault is told, for who looks for it.</param>
    /// <param name="limit">How long to wait for the answer; 250 ms where it is null.</param>
    public static async Task<T?> TryAsync<T>(Func<Task<T>> call, ILogger logger, TimeSpan? limit = null)
    {
        try
        {
            return await call().WaitAsync(limit ?? Limit);
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException or ObjectDisposedException)
        {
            Log.Away(logger, fault.GetType().Name);
            return default;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Redis did not answer ({Fault}); going on without it.")]
        public static partial void Away(ILogger logger, string fault);
    }
}
