using System.Collections.Concurrent;
using System.Reflection;
using StackExchange.Redis;

namespace Notify.Tests.Core.Caching;

/// <summary>A Redis that keeps what a profile cache adds, and can be told to lose what is taken back: an invalidation that never
/// arrived.</summary>
internal sealed class KeepingRedis
{
    private readonly ConcurrentDictionary<string, RedisValue> _values = new();

    public KeepingRedis()
    {
        var database = SilentRedis.Make<IDatabase>(Ask);
        Connection = SilentRedis.Make<IConnectionMultiplexer>((_, _) => database);
    }

    public IConnectionMultiplexer Connection { get; }

    /// <summary>Whether what overwrites a value is lost.</summary>
    public bool LosesInvalidations { get; set; }

    private object Ask(MethodInfo command, object?[] arguments)
    {
        if (command.Name == nameof(IDatabase.StringGetAsync))
            return Task.FromResult(
                ((RedisKey[])arguments[0]!).Select(key => _values.GetValueOrDefault(key.ToString(), RedisValue.Null)).ToArray()
            );
        Assert.Equal(nameof(IDatabase.StringSetAsync), command.Name);
        var (key, value) = (((RedisKey)arguments[0]!).ToString(), (RedisValue)arguments[1]!);
        var isNew = arguments.Contains(When.NotExists);
        if (isNew)
            return Task.FromResult(_values.TryAdd(key, value));
        if (!LosesInvalidations)
            _values[key] = value;
        return Task.FromResult(true);
    }
}
