using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Core.Caching;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Notify.Core.Hosting;
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
        builder.Services.AddWarmUp((services, token) => WarmUpAsync(services, render, channel, token));
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

    /// <summary>One delivery through everything but the provider: no row has its id, so nothing is claimed and nothing settled.</summary>
    private static async Task WarmUpAsync<TMessage>(IServiceProvider services, Func<DeliveryRecord, TMessage> render, Channel channel, CancellationToken cancellationToken)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var request = JsonSerializer.Deserialize(SampleRequest.Bytes, NotificationJson.Lenient.NotificationRequest)!;
        var id = UuidV7.New(time.GetUtcNow());
        var bytes = JsonSerializer.SerializeToUtf8Bytes(
            new DeliveryRecord
            {
                Id = id,
                NotificationId = id,
                Address = "sample",
                Device = new() { Platform = "none", Environment = "production" },
                Priority = request.EffectivePriority(),
                ExpiresAt = time.GetUtcNow(),
                Content = DeliveryContent.For(channel, request),
            },
            DeliveryJson.Default.DeliveryRecord);
        var message = render(JsonSerializer.Deserialize(bytes, DeliveryJson.Default.DeliveryRecord)!);
        foreach (var provider in services.GetServices<IProvider<TMessage>>())
            provider.CanSend(message);
        var key = new DeliveryKey("", id);
        var store = services.GetRequiredService<DeliveryStore>();
        await store.ClaimAsync([key], TimeSpan.FromSeconds(15), cancellationToken);
        var claim = new Claim(id, 0, 1, AtMostOnce: false);
        await services.GetRequiredService<OutcomeWriter>().WriteAsync(new(key, claim, new(DeliveryState.Sent), new AttemptRecord(time.GetUtcNow(), "none", OutcomeKind.Sent.ToName(), 0)));
    }
}

[OptionsValidator]
internal sealed partial class DeliveryOptionsValidator : IValidateOptions<DeliveryOptions>;
