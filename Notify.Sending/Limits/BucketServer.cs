using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Notify.Sending.Limits;

/// <summary>Asks the buckets in Redis, and says once when it cannot and once when it can again.</summary>
internal sealed partial class BucketServer(IConnectionMultiplexer redis, ILogger logger)
{
    // Asked in the background, ahead of need; a Redis that hangs longer than this counts as away.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private int _state = (int)State.Answers;

    private enum State
    {
        Answers,
        Away,
        Refuses,
    }

    /// <summary>Null where Redis is away or does not run the script.</summary>
    public async Task<BucketAnswer?> AskAsync(string key, BucketShape shape, BucketRequest request)
    {
        RedisKey[] keys = [key];
        RedisValue[] values =
        [
            shape.PerSecond,
            shape.Burst,
            shape.Reserve,
            request.Back,
            request.Standard,
            request.Critical,
            shape.RoomOf(critical: false),
            shape.RoomOf(critical: true),
            (long)Math.Ceiling(request.Pause.TotalMicroseconds),
        ];
        try
        {
            var answer = await EvaluateAsync(keys, values);
            if (Change(State.Answers) != State.Answers)
                Log.Back(logger);
            return answer;
        }
        catch (Exception refusal) when (refusal is RedisServerException or RedisCommandException or InvalidCastException)
        {
            if (Change(State.Refuses) != State.Refuses)
                Log.Refused(logger, refusal.Message);
        }
        // Whatever stopped it: without an answer the limit still has to hold.
        catch (Exception fault)
        {
            if (Change(State.Away) != State.Away)
                Log.Away(logger, fault.GetType().Name);
        }
        return null;
    }

    private async Task<BucketAnswer> EvaluateAsync(RedisKey[] keys, RedisValue[] values)
    {
        RedisResult result;
        try
        {
            result = await redis.GetDatabase().ScriptEvaluateAsync(BucketScript.Text, keys, values).WaitAsync(Patience);
        }
        catch (RedisServerException unknown) when (unknown.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            // A server that forgot its scripts: the client sends the text with the next call.
            result = await redis.GetDatabase().ScriptEvaluateAsync(BucketScript.Text, keys, values).WaitAsync(Patience);
        }
        return (long[]?)result is [var standard, var critical, var standardWait, var criticalWait, var pause]
            ? new(
                (int)standard,
                (int)critical,
                TimeSpan.FromMicroseconds(standardWait),
                TimeSpan.FromMicroseconds(criticalWait),
                TimeSpan.FromMicroseconds(pause)
            )
            : throw new InvalidCastException("The answer does not have five numbers.");
    }

    private State Change(State to) => (State)Interlocked.Exchange(ref _state, (int)to);

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Redis does not answer ({Fault}): until it does, each process keeps to its own part of the rate limits (Limits:LocalFraction)."
        )]
        public static partial void Away(ILogger logger, string fault);

        [LoggerMessage(
            LogLevel.Warning,
            "Redis does not run the rate limits' script, so each process keeps to its own part of them (Limits:LocalFraction). Allow EVALSHA, SCRIPT LOAD and TIME; Garnet needs --lua and --lua-transaction-mode. Its answer: {Answer}"
        )]
        public static partial void Refused(ILogger logger, string answer);

        [LoggerMessage(LogLevel.Information, "Redis answers: rate limits are shared again.")]
        public static partial void Back(ILogger logger);
    }
}

/// <summary>What a process says to the shared bucket in one round trip.</summary>
/// <param name="Standard">Permits wanted for messages that must leave the reserve.</param>
/// <param name="Critical">Permits wanted for critical messages.</param>
/// <param name="Back">Unused permits that go back first.</param>
/// <param name="Pause">How long nobody may send, from now on; zero for no news.</param>
internal readonly record struct BucketRequest(int Standard, int Critical, int Back, TimeSpan Pause);

/// <summary>What the shared bucket answered.</summary>
/// <param name="Standard">Permits given for messages that leave the reserve.</param>
/// <param name="Critical">Permits given for critical messages.</param>
/// <param name="StandardWait">When asking for the former again is worth while.</param>
/// <param name="CriticalWait">When asking for the latter again is worth while.</param>
/// <param name="Pause">How long nobody may send.</param>
internal sealed record BucketAnswer(int Standard, int Critical, TimeSpan StandardWait, TimeSpan CriticalWait, TimeSpan Pause);
