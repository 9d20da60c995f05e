using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.DeadLetters;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.Routing;
using Notify.Sending;
using Notify.Sending.Adapters;
using Notify.Sending.Lanes;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Notify.Tests.Sending.Limits;
using Notify.Tests.Sending.Providers;
using Notify.Workers.Sms;
using Npgsql;
using StackExchange.Redis;

namespace Notify.Tests.Sending.Lanes;

/// <summary>The standard lane of SMS on a database, with providers of a test's own in the place of adapters, and records handed to it in
/// the place of Kafka.</summary>
internal sealed class RunningLane : IAsyncDisposable, ILogger
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CancellationTokenSource _stop = new();
    private readonly Replica _replica;
    private readonly ConnectionMultiplexer _redis;
    private readonly OutcomeWriter _outcomes;
    private readonly UnreadableRecords _unreadable;
    private readonly DeliveryLane _lane;
    private readonly ChannelProviders<SmsMessage>? _providers;
    private Task _running = Task.CompletedTask;

    private RunningLane(
        NpgsqlDataSource database,
        ChannelProviders<SmsMessage>? providers,
        ISender<SmsMessage> sender,
        Func<DeliveryRecord, SmsMessage> render,
        DeliveryOptions settings,
        TimeProvider time,
        Replica replica,
        ConnectionMultiplexer redis
    )
    {
        (_replica, _redis) = (replica, redis);
        var options = Options.Create(settings);
        var metrics = new DeliveryMetrics(_services.GetRequiredService<IMeterFactory>());
        _providers = providers;
        _outcomes = new(
            database,
            new ProfileCache(redis, NullLogger<ProfileCache>.Instance, new(time)),
            metrics,
            time,
            NullLogger<OutcomeWriter>.Instance
        );
        var patience = new DatabasePatience(Channel.Sms, Lane.Standard, time, this);
        _unreadable = new(Channel.Sms, Lane.Standard, database, _outcomes, new(database, time), patience, metrics, options, time, this);
        _lane = new(
            Channel.Sms,
            Lane.Standard,
            new(Lane.Standard, sender, addresses: null, settings, time),
            new DeliveryAttempt<SmsMessage>(Channel.Sms, Lane.Standard, render, sender, addresses: null, metrics, options, time, this),
            database,
            _outcomes,
            new(database, options, time, NullLogger<ClaimKeeper>.Instance),
            _unreadable,
            patience,
            metrics,
            options,
            time
        );
    }

    public ChannelProviders<SmsMessage> Providers => _providers ?? throw new InvalidOperationException("This lane has another sender.");

    public int UnreadableWaiting => _unreadable.Count;

    public ConcurrentQueue<string> Said { get; } = [];

    public static async Task<RunningLane> CreateAsync(
        NpgsqlDataSource database,
        IEnumerable<StubProvider> providers,
        DeliveryOptions? options = null,
        TimeProvider? time = null,
        Func<DeliveryRecord, SmsMessage>? render = null
    )
    {
        var (settings, clock) = (options ?? new(), time ?? TimeProvider.System);
        var replica = await Replica.StartAsync(Replica.NoRedis, time: time);
        var all = new ChannelProviders<SmsMessage>(providers, replica.Limiters, Options.Create(settings), clock);
        var redis = await ConnectionMultiplexer.ConnectAsync(Replica.NoRedis);
        return new(database, all, all, render ?? SmsMessage.Of, settings, clock, replica, redis);
    }

    /// <summary>A lane of a channel that needs no provider.</summary>
    public static async Task<RunningLane> CreateAsync(NpgsqlDataSource database, ISender<SmsMessage> sender, DeliveryOptions options) =>
        new(
            database,
            providers: null,
            sender,
            SmsMessage.Of,
            options,
            TimeProvider.System,
            await Replica.StartAsync(Replica.NoRedis),
            await ConnectionMultiplexer.ConnectAsync(Replica.NoRedis)
        );

    public Task HandAsync(params ConsumedRecord[] batch) => _lane.HandleAsync(batch, _stop.Token);

    public void Run() => _running = _lane.RunAsync(_stop.Token);

    /// <summary>Ends the loop; a fault of it comes out here.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // as it should
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _outcomes.DisposeAsync();
        await _replica.DisposeAsync();
        _redis.Dispose();
        await _services.DisposeAsync();
        _stop.Dispose();
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => Said.Enqueue(formatter(state, exception));
}
