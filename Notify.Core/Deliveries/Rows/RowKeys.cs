using Notify.Core.Data;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.Deliveries.Rows;

/// <summary>
/// How a statement finds the rows of a batch: by their ids, and only the tenant's own. The first and the last id of the batch leave out the
/// days that it does not touch.
/// </summary>
public static class RowKeys
{
    /// <summary>The condition that joins the rows <c>d</c> with the batch <c>k</c> (tenant_id, delivery_id, …).</summary>
    public const string Match = """
        d.delivery_id = k.delivery_id AND d.tenant_id = k.tenant_id AND d.delivery_id BETWEEN @first AND @last
        """;

    /// <summary>
    /// The rows in the order in which a statement locks them. Two batches that share rows wait for each other only where both lock them in
    /// one order; otherwise Postgres ends one of the two, after a second in which both stood still.
    /// </summary>
    public static List<TRow> InLockOrder<TRow>(IEnumerable<TRow> rows, Func<TRow, DeliveryKey> key) => [.. rows.OrderBy(row => key(row).Id)];

    /// <summary>Adds <c>@tenants</c>, <c>@ids</c>, <c>@first</c> and <c>@last</c>.</summary>
    /// <param name="parameters">The statement's.</param>
    /// <param name="rows">One at least, in lock order.</param>
    /// <param name="key">The row's key.</param>
    public static void AddKeys<TRow>(this NpgsqlParameterCollection parameters, IReadOnlyList<TRow> rows, Func<TRow, DeliveryKey> key)
    {
        parameters.AddColumn("tenants", NpgsqlDbType.Text, rows, row => key(row).Tenant);
        parameters.AddColumn("ids", NpgsqlDbType.Uuid, rows, row => key(row).Id);
        parameters.Add(new("first", key(rows[0]).Id));
        parameters.Add(new("last", key(rows[^1]).Id));
    }
}
