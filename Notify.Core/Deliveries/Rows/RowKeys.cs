using Notify.Core.Data;
using Notify.Core.Notifications;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.Deliveries.Rows;

/// <summary>
/// How a statement finds the rows of a batch: one by one, by the key, and only the tenant's own. There is no bound on the ids of the whole
/// batch: it would leave out days, and Postgres could take it for a reason to begin with everything that lies between them.
/// </summary>
public static class RowKeys
{
    /// <summary>The condition that joins the rows <c>d</c> with the batch <c>k</c> (tenant_id, delivery_id, …).</summary>
    public const string Match = "d.delivery_id = k.delivery_id AND d.tenant_id = k.tenant_id";

    /// <summary>
    /// The rows in the order in which a statement locks them. Two batches that share rows wait for each other only where both lock them in
    /// one order; otherwise Postgres ends one of the two, after a second in which both stood still.
    /// </summary>
    public static List<TRow> InLockOrder<TRow>(IEnumerable<TRow> rows, Func<TRow, DeliveryKey> key)
    {
        List<TRow> ordered = [.. rows];
        ordered.Sort((one, other) => key(one).Id.CompareTo(key(other).Id)); // in place: this is done for every batch
        return ordered;
    }

    /// <summary>Adds <c>@tenants</c> and <c>@ids</c>.</summary>
    /// <param name="parameters">The statement's.</param>
    /// <param name="rows">In lock order.</param>
    /// <param name="key">The row's key.</param>
    public static void AddKeys<TRow>(this NpgsqlParameterCollection parameters, IReadOnlyList<TRow> rows, Func<TRow, DeliveryKey> key)
    {
        parameters.AddColumn("tenants", NpgsqlDbType.Text, rows, row => key(row).Tenant);
        parameters.AddColumn("ids", NpgsqlDbType.Uuid, rows, row => key(row).Id);
    }

    /// <summary>
    /// Adds <c>@tenants</c>, <c>@ids</c>, <c>@firsts</c> and <c>@lasts</c> of notifications: the ids of a notification's deliveries lie in
    /// its millisecond.
    /// </summary>
    public static void AddNotifications(this NpgsqlParameterCollection parameters, IReadOnlyList<(string Tenant, Guid Id)> all)
    {
        List<(string Tenant, Guid Id)> notifications = [.. all.OrderBy(notification => notification.Id)]; // as all statements lock
        parameters.AddColumn("tenants", NpgsqlDbType.Text, notifications, notification => notification.Tenant);
        parameters.AddColumn("ids", NpgsqlDbType.Uuid, notifications, notification => notification.Id);
        parameters.AddColumn("firsts", NpgsqlDbType.Uuid, notifications, notification =>
            UuidV7.RangeAt(UuidV7.TimeOf(notification.Id)).First
        );
        parameters.AddColumn("lasts", NpgsqlDbType.Uuid, notifications, notification =>
            UuidV7.RangeAt(UuidV7.TimeOf(notification.Id)).Last
        );
    }
}
