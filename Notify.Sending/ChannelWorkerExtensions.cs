using Microsoft.Extensions.DependencyInjection;
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

namespace Notify.Sending;

/// <summary>Registers the engine that every channel worker shares.</summary>
public static class ChannelWorkerExtensions
{
    private static readonly TimeSpan ProduceTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Consumers of the channel's three lanes, the send path, and where outcomes go; providers are registered beside it.</summary>
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
        builder.Services.AddSingleton<DeliveryStore>();
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
        builder.Services.AddSingleton<IProviderStandings>(services => services.GetRequiredService<ChannelProviders<TMessage>>());
        builder.Services.AddSingleton<ProviderStatusStore>();
        builder.Services.AddSingleton<ProviderMetrics>();
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<ProviderReporter>(services, channel));
        builder.Services.AddHealthChecks().AddCheck<ProviderHealthCheck>("providers", HealthStatus.Degraded);
    }

    private static DeliveryLane<TMessage> MakeLane<TMessage>(
        IServiceProvider services,
        Channel channel,
        Lane lane,
        Func<DeliveryRecord, TMessage> render
    )
    {
        var options = services.GetRequiredService<IOptions<DeliveryOptions>>();
        var time = services.GetRequiredService<TimeProvider>();
        var metrics = services.GetRequiredService<DeliveryMetrics>();
        var providers = services.GetRequiredService<ChannelProviders<TMessage>>();
        // Providers of the other channels limit senders, not addresses.
        var addresses = channel == Channel.Push ? services.GetRequiredService<AddressLimiter>() : null;
        var logger = services.GetRequiredService<ILogger<DeliveryLane<TMessage>>>();
        var store = services.GetRequiredService<DeliveryStore>();
        var outcomes = services.GetRequiredKeyedService<OutcomeWriter>(lane);
        var patience = new DatabasePatience(channel, lane, time, logger);
        return new DeliveryLane<TMessage>(
            channel,
            lane,
            new DeliveryReader<TMessage>(channel, render),
            new LaneGate<TMessage>(lane, providers, addresses, options.Value, time),
            new DeliveryAttempt<TMessage>(channel, lane, providers, addresses, metrics, options, time, logger),
            store,
            outcomes,
            services.GetRequiredService<ClaimKeeper>(),
            new UnreadableRecords(
                channel,
                lane,
                store,
                outcomes,
                services.GetRequiredService<DeadLetterStore>(),
                patience,
                metrics,
                options,
                time,
                logger
            ),
            patience,
            metrics,
            options,
            time
        );
    }
}

[OptionsValidator]
internal sealed partial class DeliveryOptionsValidator : IValidateOptions<DeliveryOptions>;
