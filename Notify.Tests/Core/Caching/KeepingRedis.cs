using System.Collections.Concurrent;
using System.Reflection;
using StackExchange.Redis;

namespace Notify.Tests.Core.Caching;

/// <summary>What is wrong with a Redis.</summary>
public enum RedisTrouble
{
    Nothing,

    /// <summary>What overwrites a value is lost: an invalidation that never arrived.</summary>
    LosesInvalidations,

    /// <summary>It refuses every command: it was killed.</summary>
    Away,

    /// <summary>It answers nothing.</summary>
    Hangs,

    /// <summary>It keeps nothing.</summary>
    IsFlushed,
}

/// <summary>A Redis that keeps what a profile cache adds, and can be told to be in trouble.</summary>
internal sealed class KeepingRedis
{
    private readonly ConcurrentDictionary<string, RedisValue> _values = new();

    public KeepingRedis()
    {
        var database = SilentRedis.Make<IDatabase>(Ask);
        Connection = SilentRedis.Make<IConnectionMultiplexer>((_, _) => database);
    }

    public IConnectionMultiplexer Connection { get; }

    public RedisTrouble Trouble { get; set; }

    private object Ask(MethodInfo command, object?[] arguments)
    {
        var isRead = command.Name == nameof(IDatabase.StringGetAsync);
        switch (Trouble)
        {
            case RedisTrouble.Away:
                var refused = new RedisConnectionException(ConnectionFailureType.SocketClosed, "away");
                return isRead ? Task.FromException<RedisValue[]>(refused) : Task.FromException<bool>(refused);
            case RedisTrouble.Hangs:
                return isRead ? new TaskCompletionSource<RedisValue[]>().Task : new TaskCompletionSource<bool>().Task;
            case RedisTrouble.IsFlushed:
                _values.Clear();
                break;
        }
        if (command.Name == nameof(IDatabase.StringGetAsync))
            return Task.FromResult(
                ((RedisKey[])arguments[0]!).Select(key => _values.GetValueOrDefault(key.ToString(), RedisValue.Null)).ToArray()
            );
        Assert.Equal(nameof(IDatabase.StringSetAsync), command.Name);
        var (key, value) = (((RedisKey)arguments[0]!).ToString(), (RedisValue)arguments[1]!);
        var isNew = arguments.Contains(When.NotExists);
        if (isNew)
            return Task.FromResult(_values.TryAdd(key, value));
        if (Trouble != RedisTrouble.LosesInvalidations)
            _values[key] = value;
        return Task.FromResult(true);
    }
}
