using Notify.Core.Notifications;
using Npgsql;

namespace Notify.Core.Deliveries.Rows;

/// <summary>
/// Cancels what is still open of a notification: the same rows that a claim takes, so whichever statement comes first decides, and the
/// other finds nothing.
/// </summary>
public static class CancelRows
{
    private const string Set = $"state = 'cancelled', reason = '{DeliveryReasons.Cancelled}', due_at = NULL, updated_at = now()";

    private static readonly string OneSql = $"""
        UPDATE deliveries d SET {Set}
         WHERE d.delivery_id BETWEEN @first AND @last AND d.notification_id = @notification AND d.tenant_id = @tenant
           AND {DeliveryRules.Sql(DeliveryVerb.Cancel)}
        """;

    private static readonly string AskedForSql = $"""
        UPDATE deliveries d SET {Set}
          FROM unnest(@tenants, @ids, @firsts, @lasts) AS k(tenant_id, notification_id, first, last)
          JOIN cancellations c USING (tenant_id, notification_id)
         WHERE d.delivery_id BETWEEN k.first AND k.last AND d.notification_id = k.notification_id AND d.tenant_id = k.tenant_id
           AND {DeliveryRules.Sql(DeliveryVerb.Cancel)}
        RETURNING d.delivery_id
        """;

    public static async Task CancelAsync(NpgsqlDataSource database, string tenant, Guid notification, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(OneSql);
        var (first, last) = UuidV7.RangeAt(UuidV7.TimeOf(notification));
        command.Parameters.Add(new("first", first));
        command.Parameters.Add(new("last", last));
        command.Parameters.Add(new("notification", notification));
        command.Parameters.Add(new("tenant", tenant));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Cancels those of these notifications for which somebody asked, and says which deliveries that were.</summary>
    /// <param name="connection">In the transaction that writes them.</param>
    /// <param name="notifications">Their tenants and ids; one at least.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<HashSet<Guid>> CancelAskedForAsync(
        NpgsqlConnection connection,
        IReadOnlyList<(string Tenant, Guid Id)> notifications,
        CancellationToken cancellationToken
    )
    {
        if (notifications.Count == 0)
            return [];
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { CancelAskedFor(notifications) } };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(reader, cancellationToken);
    }

    /// <summary>The same as a part of a batch, for after the commit; <see cref="ReadAsync"/> reads its answer.</summary>
    public static NpgsqlBatchCommand CancelAskedFor(IReadOnlyList<(string Tenant, Guid Id)> notifications)
    {
        var command = new NpgsqlBatchCommand(AskedForSql);
        command.Parameters.AddNotifications(notifications);
        return command;
    }

    /// <summary>The deliveries that are cancelled.</summary>
    public static async Task<HashSet<Guid>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var cancelled = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
            cancelled.Add(reader.GetGuid(0));
        return cancelled;
    }
}
