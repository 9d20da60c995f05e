using Notify.Core.Data;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.Deliveries.Rows;

/// <summary>Puts deliveries that nobody has claimed aside until a time; one that somebody has is left alone.</summary>
public static class ParkRows
{
    // The same rows as a claim would take, and no attempt counted.
    private static readonly DaySql Sql = new(table =>
        $"""
            UPDATE {table} d
               SET state = 'waiting', reason = k.reason, code = coalesce(k.code, d.code), due_at = least(k.due_at, d.expires_at),
                   updated_at = now()
              FROM unnest(@tenants, @ids, @reasons, @dues, @codes) AS k(tenant_id, delivery_id, reason, due_at, code)
             WHERE {RowKeys.Match} AND {DeliveryRules.Claimable}
            """
    );

    public static Task ParkAsync(NpgsqlDataSource database, IReadOnlyList<ParkedRow> parked, CancellationToken cancellationToken)
    {
        var rows = RowKeys.InLockOrder(parked, row => row.Key);
        return Sql.ExecuteAsync(rows[0].Key.Id, rows[^1].Key.Id, sql => ParkAsync(database, sql, rows, cancellationToken));
    }

    private static async Task<int> ParkAsync(
        NpgsqlDataSource database,
        string sql,
        List<ParkedRow> rows,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddKeys(rows, row => row.Key);
        command.Parameters.AddColumn("reasons", NpgsqlDbType.Text, rows, row => row.Reason);
        command.Parameters.AddColumn("dues", NpgsqlDbType.TimestampTz, rows, row => row.DueAt);
        command.Parameters.AddColumn("codes", NpgsqlDbType.Text, rows, row => row.Code);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>A delivery that is put aside unclaimed.</summary>
/// <param name="Key">The delivery.</param>
/// <param name="Reason">One of <see cref="DeliveryReasons"/>.</param>
/// <param name="DueAt">When it comes due; at its expiry at the latest.</param>
/// <param name="Code">What it waits for; null leaves the row's code as it is.</param>
public readonly record struct ParkedRow(DeliveryKey Key, string Reason, DateTimeOffset DueAt, string? Code = null);
