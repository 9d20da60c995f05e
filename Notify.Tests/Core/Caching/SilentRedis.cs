using System.Collections.Concurrent;
using System.Reflection;
using StackExchange.Redis;

namespace Notify.Tests.Core.Caching;

/// <summary>A Redis that takes the commands of a profile cache, and answers none of them before it is told to.</summary>
internal sealed class SilentRedis
{
    private readonly ConcurrentQueue<string> _asked = [];
    private readonly TaskCompletionSource _answering = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SilentRedis()
    {
        var database = Make<IDatabase>((command, _) => Ask(command));
        Connection = Make<IConnectionMultiplexer>((_, _) => database);
    }

    public IConnectionMultiplexer Connection { get; }

    /// <summary>What reached it, answered or not.</summary>
    public List<string> Asked => [.. _asked];

    /// <summary>It answers what it was asked, and at once what it is asked from now on: it has no values, and keeps none.</summary>
    public void Answer() => _answering.TrySetResult();

    private object Ask(MethodInfo command)
    {
        _asked.Enqueue(command.Name);
        if (command.Name == nameof(IDatabase.StringGetAsync))
            return AnswerAsync<RedisValue[]>([]);
        Assert.Equal(nameof(IDatabase.StringSetAsync), command.Name);
        return AnswerAsync(true);
    }

    private async Task<T> AnswerAsync<T>(T answer)
    {
        await _answering.Task;
        return answer;
    }

    internal static T Make<T>(Func<MethodInfo, object?[], object> answer)
        where T : class
    {
        var made = DispatchProxy.Create<T, Calls>();
        ((Calls)(object)made).Answer = answer;
        return made;
    }

#pragma warning disable CA1852 // What DispatchProxy makes derives from it.
    internal class Calls : DispatchProxy
#pragma warning restore CA1852
    {
        public Func<MethodInfo, object?[], object>? Answer { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Answer!(targetMethod!, args!);
    }
}
