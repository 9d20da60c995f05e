using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Notify.Core.Caching;

/// <summary>Calls to Redis that may fail: it is an accelerator, so a fault is a miss.</summary>
public static partial class RedisCalls
{
    // A Redis that hangs must not hang the accept path.
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    /// <summary>The answer; the default where Redis is away, slow or refuses. Each call waits anew: for callers that keep a memory of their
    /// own.</summary>
    /// <param name="call">The call.</param>
    /// <param name="logger">Where a fault is told, for who looks for it.</param>
    /// <param name="limit">How long to wait for the answer; 250 ms where it is null.</param>
    public static Task<T?> TryAsync<T>(Func<Task<T>> call, ILogger logger, TimeSpan? limit = null) =>
        AskAsync(call, logger, limit ?? Limit, rest: null);

    /// <summary>The answer; the default where Redis is away, slow or refuses, and at once, without a call, where it did not answer a moment
    /// ago.</summary>
    /// <param name="call">The call, which may be left out.</param>
    /// <param name="rest">What all callers know of Redis.</param>
    /// <param name="logger">Where a fault is told, for who looks for it.</param>
    public static Task<T?> TryAsync<T>(Func<Task<T>> call, RedisRest rest, ILogger logger) =>
        rest.MayAsk() ? AskAsync(call, logger, Limit, rest) : Task.FromResult<T?>(default);

    /// <summary>Calls and waits whether Redis rests or not: for what must not be left out. How it goes is known to all callers
    /// afterwards.</summary>
    /// <param name="call">The call.</param>
    /// <param name="rest">What all callers know of Redis.</param>
    /// <param name="logger">Where a fault is told, for who looks for it.</param>
    public static Task<T?> InsistAsync<T>(Func<Task<T>> call, RedisRest rest, ILogger logger) => AskAsync(call, logger, Limit, rest);

    private static async Task<T?> AskAsync<T>(Func<Task<T>> call, ILogger logger, TimeSpan limit, RedisRest? rest)
    {
        try
        {
            var answer = await call().WaitAsync(limit, rest?.Time ?? TimeProvider.System);
            rest?.End();
            return answer;
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException or ObjectDisposedException)
        {
            Log.Away(logger, fault.GetType().Name);
            if (fault is RedisServerException)
                rest?.End(); // a refusal is an answer: nobody waits for it
            else
                rest?.Begin();
            return default;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Redis did not answer ({Fault}); going on without it.")]
        public static partial void Away(ILogger logger, string fault);
    }
}
