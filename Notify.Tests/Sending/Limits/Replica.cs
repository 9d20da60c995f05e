using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Sending.Limits;
using StackExchange.Redis;

namespace Notify.Tests.Sending.Limits;

/// <summary>What one process has: a connection of its own, and the limiters on it.</summary>
internal sealed class Replica : IAsyncDisposable, ILogger<RateLimiters>
{
    /// <summary>For a Redis that is not there: limits count in this process, pauses hold all the same.</summary>
    public const string NoRedis = "127.0.0.1:1,abortConnect=false,connectTimeout=200,connectRetry=1";

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ConnectionMultiplexer _redis;

    private Replica(ConnectionMultiplexer redis, LimitOptions options, TimeProvider time)
    {
        _redis = redis;
        Limiters = new(redis, Options.Create(options), new LimitMetrics(_services.GetRequiredService<IMeterFactory>()), time, this);
    }

    public RateLimiters Limiters { get; }

    public ConcurrentQueue<string> Log { get; } = [];

    public static async Task<Replica> StartAsync(string address, LimitOptions? options = null, TimeProvider? time = null) =>
        new(await ConnectAsync(address), options ?? new(), time ?? TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await Limiters.DisposeAsync();
        _redis.Dispose();
        await _services.DisposeAsync();
    }

    private static Task<ConnectionMultiplexer> ConnectAsync(string address)
    {
        var settings = ConfigurationOptions.Parse(address);
        if (address == NoRedis)
            settings.BacklogPolicy = BacklogPolicy.FailFast; // nobody will ever answer, so no call waits for it
        return ConnectionMultiplexer.ConnectAsync(settings);
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => Log.Enqueue(formatter(state, exception));
}
