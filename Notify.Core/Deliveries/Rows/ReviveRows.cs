using Npgsql;

namespace Notify.Core.Deliveries.Rows;

/// <summary>
/// Makes dead and failed deliveries due again; the row decides, whatever its letter says. An operator asks for it now: as many calls as at
/// first, and an hour at least to make them in.
/// </summary>
public static class ReviveRows
{
    private static readonly string Sql = $"""
        UPDATE deliveries d
           SET state = 'waiting', reason = '{DeliveryReasons.Replay}', due_at = now(), attempt = 0, updated_at = now(),
               expires_at = greatest(d.expires_at, now() + interval '1 hour')
          FROM unnest(@tenants, @ids) AS k(tenant_id, delivery_id)
         WHERE {RowKeys.Match} AND {DeliveryRules.Sql(DeliveryVerb.Revive)}
        RETURNING d.delivery_id
        """;

    /// <summary>Those that were.</summary>
    public static async Task<HashSet<Guid>> ReviveAsync(
        NpgsqlConnection connection,
        IEnumerable<DeliveryKey> keys,
        CancellationToken cancellationToken
    )
    {
        var rows = RowKeys.InLockOrder(keys, key => key);
        var revived = new HashSet<Guid>();
        if (rows.Count == 0)
            return revived;
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.AddKeys(rows, key => key);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            revived.Add(reader.GetGuid(0));
        return revived;
    }
}
