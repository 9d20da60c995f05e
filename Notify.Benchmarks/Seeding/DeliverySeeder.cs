using System.Text.Json;
using Notify.Benchmarks.Running;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Benchmarks.Seeding;

/// <summary>
/// Makes a backlog: notification and delivery rows by COPY into the partitions that the product makes, and the records of queued ones.
/// Chunk by chunk, so that a row is about as old as its record. Rows of earlier rounds are removed first.
/// </summary>
internal sealed class DeliverySeeder(NotifySystem system, TimeProvider time)
{
    private const int Chunk = 5_000;
    private const int RoutedAtOnce = 500;
    private readonly DayPartitions _partitions = new(system.Rows);

    /// <param name="plan">What to make.</param>
    /// <param name="seen">Told of each, where somebody needs to know their ids.</param>
    /// <param name="cancellationToken">Between chunks.</param>
    public async Task SeedAsync(SeedPlan plan, Action<SeededDelivery>? seen, CancellationToken cancellationToken)
    {
        using var producer = new SeedProducer(system.Kafka);
        await SeedTables.ClearAsync(system.Rows, cancellationToken);
        for (var start = 0; start < plan.Count; start += Chunk)
        {
            var now = time.GetUtcNow();
            var chunk = Enumerable
                .Range(start, Math.Min(Chunk, plan.Count - start))
                .Select(number => new SeededDelivery(plan, number, now))
                .ToList();
            await _partitions.EnsureAsync(chunk.Select(delivery => delivery.AcceptedAt), cancellationToken);
            await using var connection = await system.Rows.OpenConnectionAsync(cancellationToken);
            await CopyNotificationsAsync(connection, plan, chunk, now, cancellationToken);
            await CopyDeliveriesAsync(connection, plan, chunk, now, cancellationToken);
            if (plan.State == DeliveryState.Queued)
                await BatchAsync(connection, plan, chunk, now, cancellationToken);
            if (plan.State == DeliveryState.Queued)
                await producer.ProduceAsync(chunk.ConvertAll(delivery => delivery.ToRecord(plan)));
            if (seen is not null)
                chunk.ForEach(seen);
        }
        await SeedTables.SettleAsync(system.Rows, cancellationToken);
    }

    private static async Task CopyNotificationsAsync(
        NpgsqlConnection connection,
        SeedPlan plan,
        List<SeededDelivery> chunk,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY notifications (tenant_id, accepted_at, notification_id, type, priority, lane, request, expires_at, routed_at) FROM STDIN (FORMAT BINARY)",
            cancellationToken
        );
        foreach (var delivery in chunk)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(SeedPlan.Tenant, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(delivery.AcceptedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(delivery.NotificationId, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(NotificationTypes.Transactional, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(Priorities.Low, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(SeedPlan.Lane.ToName(), NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(delivery.Request(plan.Channel), NpgsqlDbType.Bytea, cancellationToken);
            await copy.WriteAsync(delivery.ExpiresAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(now, NpgsqlDbType.TimestampTz, cancellationToken);
        }
        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task CopyDeliveriesAsync(
        NpgsqlConnection connection,
        SeedPlan plan,
        List<SeededDelivery> chunk,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var claimed = plan.State == DeliveryState.Sending ? 1 : 0;
        await using var copy = await connection.BeginBinaryImportAsync(
            """
            COPY deliveries (tenant_id, accepted_at, delivery_id, notification_id, channel, lane, address, device, state, reason, attempt, fence, at_most_once, due_at, expires_at, queued_at)
            FROM STDIN (FORMAT BINARY)
            """,
            cancellationToken
        );
        foreach (var delivery in chunk)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(SeedPlan.Tenant, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(delivery.AcceptedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(delivery.Id, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(delivery.NotificationId, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(plan.Channel.ToName(), NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(SeedPlan.Lane.ToName(), NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(delivery.Address, NpgsqlDbType.Text, cancellationToken);
            await WriteAsync(
                copy,
                delivery.Device is null ? null : JsonSerializer.Serialize(delivery.Device, DeliveryJson.Default.DeviceInfo),
                NpgsqlDbType.Jsonb,
                cancellationToken
            );
            await copy.WriteAsync(plan.State.ToName(), NpgsqlDbType.Text, cancellationToken);
            await WriteAsync(
                copy,
                plan.State == DeliveryState.Waiting ? DeliveryReasons.Retry : null,
                NpgsqlDbType.Text,
                cancellationToken
            );
            await copy.WriteAsync(claimed, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(claimed, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(false, NpgsqlDbType.Boolean, cancellationToken);
            await WriteAsync(copy, (object?)delivery.DueAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(delivery.ExpiresAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await WriteAsync(copy, plan.State == DeliveryState.Queued ? (object)now : null, NpgsqlDbType.TimestampTz, cancellationToken);
        }
        await copy.CompleteAsync(cancellationToken);
    }

    /// <summary>What is queued stands in batches, of the size that the Router routes at once.</summary>
    private static async Task BatchAsync(
        NpgsqlConnection connection,
        SeedPlan plan,
        List<SeededDelivery> chunk,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        foreach (var part in chunk.Chunk(RoutedAtOnce))
        {
            await using var command = new NpgsqlCommand(
                "INSERT INTO queued_batches (channel, lane, queued_at, delivery_ids) VALUES ($1, $2, $3, $4)",
                connection
            );
            command.Parameters.Add(new() { Value = plan.Channel.ToName() });
            command.Parameters.Add(new() { Value = SeedPlan.Lane.ToName() });
            command.Parameters.Add(new() { Value = now });
            command.Parameters.Add(new() { Value = part.Select(delivery => delivery.Id).ToArray() });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, object? value, NpgsqlDbType type, CancellationToken cancellationToken) =>
        value is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(value, type, cancellationToken);
}
