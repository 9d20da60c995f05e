using System.Text.Json;
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
using Notify.Core.Recipients;
using Notify.Core.Routing;
using Notify.Core.Tenants;
using Notify.Core.Time;
using Notify.Core.Validation;
using Notify.Workers.Router.Intake;
using Notify.Workers.Router.Maintenance;
using Notify.Workers.Router.Release;
using Notify.Workers.Router.Replays;
using Notify.Workers.Router.Shares;

namespace Notify.Workers.Router;

/// <summary>Registers the Router: its lanes, its stores, its pump.</summary>
internal static class RouterExtensions
{
    private static readonly TimeSpan ProduceTimeout = TimeSpan.FromSeconds(30);

    public static IHostApplicationBuilder AddRouter(this IHostApplicationBuilder builder)
    {
        builder.AddNotifyData();
        builder.AddNotifyCaching();
        builder.AddProfileCache();
        builder.AddMessaging(linger: TimeSpan.FromMilliseconds(1), ProduceTimeout);
        builder.Services.AddOptions<RouterOptions>().BindConfiguration(RouterOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<RouterOptions>, RouterOptionsValidator>();
        builder.Services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionOptionsValidator>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<TenantDirectory>();
        builder.Services.AddHealthChecks().AddCheck<ZoneData>("time_zones");
        builder.Services.AddSingleton<ProfileStore>();
        builder.Services.AddSingleton<DayPartitions>();
        builder.Services.AddSingleton<DayRemoval>();
        builder.Services.AddSingleton<DeadLetterStore>();
        builder.Services.AddSingleton<RecordReader>();
        builder.Services.AddSingleton<IntakeGatherer>();
        builder.Services.AddSingleton<NotificationRouter>();
        builder.Services.AddSingleton<RoutingMetrics>();
        builder.Services.AddSingleton<DeliveryProducer>();
        builder.Services.AddSingleton<Releaser>();
        builder.Services.AddSingleton<Settling>();
        builder.Services.AddSingleton<ProviderStatusStore>();
        builder.Services.AddSingleton<TenantShares>();
        builder.Services.AddSingleton<ShareStore>();
        builder.Services.AddSingleton<LanePositionStore>();
        builder.Services.AddWarmUp(WarmUpAsync);
        builder.Services.AddSingleton<OpenDays>();
        builder.Services.AddHostedService(services => services.GetRequiredService<OpenDays>());
        builder.Services.AddHostedService<ShareCounter>();
        builder.Services.AddHostedService<DuePump>();
        builder.Services.AddHostedService<Reconciler>();
        builder.Services.AddHostedService<Purge>();
        builder.Services.AddHostedService<DaysAhead>();
        builder.Services.AddHostedService<LaneWatch>();
        builder.Services.AddHostedService<Retention>();
        builder.AddReplays();
        foreach (var lane in LaneNames.All)
            builder.AddLane(Topics.Notifications(lane), $"notify.router.{lane.ToName()}", services =>
                ActivatorUtilities.CreateInstance<IntakeHandler>(services, lane)
            );
        return builder;
    }

    /// <summary>One notification through everything but the broker: the transaction finds nothing to write.</summary>
    private static async Task WarmUpAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var now = time.GetUtcNow();
        await services.GetRequiredService<TenantDirectory>().FindAsync("", cancellationToken);
        await services.GetRequiredService<ProfileStore>().FindAsync([("", "sample")], cancellationToken);
        var request = NotificationReader.ReadRecord(SampleRequest.Bytes)!;
        NotificationValidator.Validate(request);
        foreach (var candidate in Candidates.Of("", UuidV7.New(now), request, new Dictionary<(string, string), Profile>(), channels: null))
            JsonSerializer.SerializeToUtf8Bytes(DeliveryContent.For(candidate.Channel, request), DeliveryJson.Default.DeliveryContent);
        await services.GetRequiredService<NotificationRouter>().RouteAsync(Lane.Standard, [], _ => null, cancellationToken);
    }
}

[OptionsValidator]
internal sealed partial class RouterOptionsValidator : IValidateOptions<RouterOptions>;
