using Microsoft.Extensions.Options;
using Notify.Core.Caching;
using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.Routing;
using Notify.Workers.Router.Intake;
using Notify.Workers.Router.Pump;

namespace Notify.Workers.Router;

/// <summary>Registers the Router: its lanes, its stores, its pump.</summary>
internal static class RouterExtensions
{
    private static readonly TimeSpan ProduceTimeout = TimeSpan.FromSeconds(30);

    public static IHostApplicationBuilder AddRouter(this IHostApplicationBuilder builder)
    {
        builder.AddNotifyData();
        builder.AddNotifyCaching();
        builder.AddMessaging(linger: TimeSpan.FromMilliseconds(1), ProduceTimeout);
        builder.Services.AddOptions<RouterOptions>().BindConfiguration(RouterOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<RouterOptions>, RouterOptionsValidator>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<TenantDirectory>();
        builder.Services.AddSingleton<ProfileStore>();
        builder.Services.AddSingleton<DayPartitions>();
        builder.Services.AddSingleton<DeadLetterStore>();
        builder.Services.AddSingleton<RecordReader>();
        builder.Services.AddSingleton<RoutingStore>();
        builder.Services.AddSingleton<RoutingMetrics>();
        builder.Services.AddSingleton<DeliveryProducer>();
        builder.Services.AddSingleton<DueStore>();
        builder.Services.AddHostedService<DuePump>();
        foreach (var lane in LaneNames.All)
            builder.AddLane(Topics.Notifications(lane), $"notify.router.{lane.ToName()}", services => ActivatorUtilities.CreateInstance<IntakeHandler>(services, lane));
        return builder;
    }
}

[OptionsValidator]
internal sealed partial class RouterOptionsValidator : IValidateOptions<RouterOptions>;
