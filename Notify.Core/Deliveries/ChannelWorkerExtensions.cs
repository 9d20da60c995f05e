using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Core.Caching;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Notify.Core.Messaging;
using Notify.Core.Notifications;

namespace Notify.Core.Deliveries;

/// <summary>Registers the engine that every channel worker shares.</summary>
public static class ChannelWorkerExtensions
{
    private static readonly TimeSpan ProduceTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Consumers of the channel's three lanes, the send path, and where outcomes go; providers are registered beside it.</summary>
    public static IHostApplicationBuilder AddChannelWorker<TMessage>(this IHostApplicationBuilder builder, Channel channel, Func<DeliveryRecord, TMessage> render)
    {
        builder.AddNotifyData();
        builder.AddNotifyCaching();
        builder.AddMessaging(linger: TimeSpan.FromMilliseconds(2), ProduceTimeout);
        builder.Services.AddOptions<DeliveryOptions>().BindConfiguration(DeliveryOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<DeliveryOptions>, DeliveryOptionsValidator>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<DeliveryStore>();
        builder.Services.AddSingleton<DeadLetterStore>();
        builder.Services.AddSingleton<DeliveryMetrics>();
        builder.Services.AddSingleton<OutcomeWriter>();
        builder.Services.AddSingleton<ProviderCaller<TMessage>>();
        foreach (var lane in LaneNames.All)
        {
            builder.AddLane(Topics.Deliveries(channel, lane), $"notify.{channel.ToName()}.{lane.ToName()}", services => new DeliveryHandler<TMessage>(
                channel,
                lane,
                render,
                services.GetRequiredService<ProviderCaller<TMessage>>(),
                services.GetRequiredService<DeliveryStore>(),
                services.GetRequiredService<OutcomeWriter>(),
                services.GetRequiredService<DeadLetterStore>(),
                services.GetRequiredService<DeliveryMetrics>(),
                services.GetRequiredService<IOptions<DeliveryOptions>>(),
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<DeliveryHandler<TMessage>>>()));
        }
        return builder;
    }
}

[OptionsValidator]
internal sealed partial class DeliveryOptionsValidator : IValidateOptions<DeliveryOptions>;
