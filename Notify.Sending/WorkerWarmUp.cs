using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Sending.Providers;

namespace Notify.Sending;

/// <summary>One delivery through everything but the provider: no row has its id, so nothing is claimed and nothing settled.</summary>
internal static class WorkerWarmUp
{
    public static async Task RunAsync<TMessage>(
        IServiceProvider services,
        Func<DeliveryRecord, TMessage> render,
        Channel channel,
        CancellationToken cancellationToken
    )
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
            DeliveryJson.Default.DeliveryRecord
        );
        var message = render(JsonSerializer.Deserialize(bytes, DeliveryJson.Default.DeliveryRecord)!);
        foreach (var account in services.GetRequiredService<ChannelProviders<TMessage>>().Accounts)
            account.CanSend(message);
        var key = new DeliveryKey("", id);
        var store = services.GetRequiredService<DeliveryStore>();
        await store.ClaimAsync([key], TimeSpan.FromSeconds(15), cancellationToken);
        var claim = new Claim(id, 0, 1, AtMostOnce: false);
        await store.SettleAsync(
            [new(key, claim, new(DeliveryState.Sent), new AttemptRecord(time.GetUtcNow(), "none", OutcomeKind.Sent.ToName(), 0))],
            cancellationToken
        );
    }
}
