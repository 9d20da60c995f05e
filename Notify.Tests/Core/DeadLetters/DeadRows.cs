using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Notifications;
using Notify.Sending;
using Notify.Tests.Core.Deliveries;
using Notify.Tests.Core.Hosting;
using Npgsql;

namespace Notify.Tests.Core.DeadLetters;

/// <summary>Deliveries that gave up, by the way that real ones go: claimed, and settled as dead.</summary>
internal static class DeadRows
{
    public static async Task<List<DeliveryKey>> AddDeadAsync(
        this TestDatabase database,
        int count = 1,
        string outcome = "transient",
        string code = "503",
        string provider = "twilio",
        string tenant = "acme",
        string expires = "now() + interval '1 day'"
    )
    {
        var keys = await database.AddQueuedAsync(count, tenant, expires);
        var store = new WorkerRows(database.Source);
        foreach (var part in keys.Chunk(1_000))
        {
            var claims = await store.ClaimAsync(part, TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            await store.SettleAsync(
                [.. part.Select(key => Died(key, claims[key.Id], outcome, code, provider))],
                TestContext.Current.CancellationToken
            );
        }
        return keys;
    }

    public static SettledAttempt Died(
        DeliveryKey key,
        Claim claim,
        string outcome = "transient",
        string code = "503",
        string provider = "twilio"
    ) =>
        new(
            key,
            claim,
            new(DeliveryState.Dead, DeliveryReasons.AttemptsExhausted),
            new AttemptRecord(TimeProvider.System.GetUtcNow(), provider, outcome, 12, code, "The provider is busy.")
        );

    public static async Task<List<DeliveryKey>> AddQueuedAsync(
        this TestDatabase database,
        int count,
        string tenant = "acme",
        string expires = "now() + interval '1 day'"
    )
    {
        var time = TimeProvider.System.GetUtcNow();
        await new DayPartitions(database.Source).EnsureAsync([time], TestContext.Current.CancellationToken);
        var notifications = Enumerable.Range(0, count).Select(_ => UuidV7.New(time)).ToList();
        var keys = notifications.ConvertAll(id => new DeliveryKey(tenant, UuidV7.Derive(UuidV7.TimeOf(id), id.ToByteArray())));
        await using var command = database.Source.CreateCommand(
            $$$"""
            INSERT INTO recipients (tenant_id, recipient_id, phone, created_at, updated_at) VALUES (@tenant, 'u1', '+15005550006', now(), now()) ON CONFLICT DO NOTHING;
            INSERT INTO notifications (tenant_id, accepted_at, notification_id, type, priority, lane, request, expires_at, routed_at)
            SELECT @tenant, at, notification, 'transactional', 'normal', 'standard', convert_to('{"recipients":["u1"],"message":{"body":"B"}}', 'UTF8'), {{{expires}}}, now() FROM unnest(@times, @notifications) AS n(at, notification);
            INSERT INTO deliveries (tenant_id, accepted_at, delivery_id, notification_id, channel, lane, recipient_id, address, state, attempt, fence, at_most_once, expires_at)
            SELECT @tenant, at, delivery, notification, 'sms', 'standard', 'u1', '+15005550006', 'queued', 0, 0, false, {{{expires}}} FROM unnest(@times, @notifications, @deliveries) AS n(at, notification, delivery);
            """
        );
        command.Parameters.Add(new NpgsqlParameter("tenant", tenant));
        command.Parameters.Add(new NpgsqlParameter("times", keys.ConvertAll(key => key.AcceptedAt).ToArray()));
        command.Parameters.Add(new NpgsqlParameter("notifications", notifications.ToArray()));
        command.Parameters.Add(new NpgsqlParameter("deliveries", keys.ConvertAll(key => key.Id).ToArray()));
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return keys;
    }
}
