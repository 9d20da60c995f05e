using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Core.Caching;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Notify.Core.Deliveries;
using Notify.Core.Hosting;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.Providers;
using Notify.Core.Routing;
using Notify.Sending.Lanes;
using Notify.Sending.Limits;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Notify.Sending.SelfChecks;
using Npgsql;

namespace Notify.Sending;

/// <summary>Registers the engine that every channel worker shares.</summary>
public static class ChannelWorkerExtensions
{
    private static readonly TimeSpan ProduceTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Consumers of the channel's three lanes, the send path, and where outcomes go. Providers are registered beside it; a channel that
    /// needs none registers its own <see cref="ISender{TMessage}"/> before.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="channel">The worker's channel.</param>
    /// <param name="render">Makes the channel's message of a delivery. It runs on the lane's own loop, and may take its time there.</param>
    public static IHostApplicationBuilder AddChannelWorker<TMessage>(
        this IHostApplicationBuilder builder,
        Channel channel,
        Func<DeliveryRecord, TMessage> render
    )
    {
        builder.AddNotifyData();
        builder.AddNotifyCaching();
        builder.AddProfileCache();
        builder.AddMessaging(linger: TimeSpan.FromMilliseconds(2), ProduceTimeout);
        builder.AddLimits();
        builder.Services.AddOptions<DeliveryOptions>().BindConfiguration(DeliveryOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<DeliveryOptions>, DeliveryOptionsValidator>();
        builder.Services.AddSingleton<IValidateOptions<DeliveryOptions>, DeliveryTimesValidator>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<DeadLetterStore>();
        builder.Services.AddSingleton<DeliveryMetrics>();
        builder.Services.AddSingleton<ClaimKeeper>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ClaimKeeper>());
        builder.AddProviders<TMessage>(channel);
        builder.AddLanePositions();
        builder.AddSelfCheck(channel);
        builder.Services.AddWarmUp((services, token) => WorkerWarmUp.RunAsync(services, render, channel, token));
        foreach (var lane in LaneNames.All)
        {
            // one each: a bulk backlog's outcomes do not stand before a critical one
            builder.Services.AddKeyedSingleton<OutcomeWriter>(lane);
            builder.AddLane(Topics.Deliveries(channel, lane), $"notify.{channel.ToName()}.{lane.ToName()}", services =>
                MakeLane(services, channel, lane, render)
            );
        }
        return builder;
    }

    private static void AddProviders<TMessage>(this IHostApplicationBuilder builder, Channel channel)
    {
        builder.Services.AddSingleton<ChannelProviders<TMessage>>();
        builder.Services.TryAddSingleton<ISender<TMessage>>(services => services.GetRequiredService<ChannelProviders<TMessage>>());
        builder.Services.AddSingleton<IProviderStandings>(services => services.GetRequiredService<ChannelProviders<TMessage>>());
        builder.Services.AddSingleton<ProviderStatusStore>();
        builder.Services.AddSingleton<ProviderMetrics>();
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<ProviderReporter>(services, channel));
        builder.Services.AddHealthChecks().AddCheck<ProviderHealthCheck>("providers", HealthStatus.Degraded);
    }

    private static DeliveryLane MakeLane<TMessage>(
        IServiceProvider services,
        Channel channel,
        Lane lane,
        Func<DeliveryRecord, TMessage> render
    )
    {
        var options = services.GetRequiredService<IOptions<DeliveryOptions>>();
        var time = services.GetRequiredService<TimeProvider>();
        var metrics = services.GetRequiredService<DeliveryMetrics>();
        var sender = services.GetRequiredService<ISender<TMessage>>();
        var addresses = ChannelDefinition.Of(channel).LimitsAddresses ? services.GetRequiredService<AddressLimiter>() : null;
        var logger = services.GetRequiredService<ILogger<DeliveryLane>>();
        var database = services.GetRequiredService<NpgsqlDataSource>();
        var outcomes = services.GetRequiredKeyedService<OutcomeWriter>(lane);
        var letters = services.GetRequiredService<DeadLetterStore>();
        var patience = new DatabasePatience(channel, lane, time, logger);
        return new(
            channel,
            lane,
            new(lane, sender, addresses, options.Value, time),
            new DeliveryAttempt<TMessage>(channel, lane, render, sender, addresses, metrics, options, time, logger),
            database,
            outcomes,
            services.GetRequiredService<ClaimKeeper>(),
            new(channel, lane, database, outcomes, letters, patience, metrics, options, time, logger),
            patience,
            metrics,
            options,
            time
        );
    }
}
