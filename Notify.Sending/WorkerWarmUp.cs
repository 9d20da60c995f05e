using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Notifications;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;
using Npgsql;

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
        var delivery = JsonSerializer.Deserialize(bytes, DeliveryJson.Default.DeliveryRecord)!;
        render(delivery);
        services.GetRequiredService<ISender<TMessage>>().IsSplitBy(DeliveryTarget.Of("", delivery));
        var key = new DeliveryKey("", id);
        var database = services.GetRequiredService<NpgsqlDataSource>();
        await ClaimRows.ClaimAsync(database, [key], TimeSpan.FromSeconds(15), Guid.NewGuid(), cancellationToken);
        var claim = new Claim(id, 0, 1, AtMostOnce: false);
        await SettleRows.SettleAsync(
            database,
            [new(key, claim, new(DeliveryState.Sent), new AttemptRecord(time.GetUtcNow(), "none", OutcomeKind.Sent.ToName(), 0))],
            cancellationToken
        );
    }
}
