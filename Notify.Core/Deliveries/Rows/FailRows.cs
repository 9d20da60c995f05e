using Npgsql;

namespace Notify.Core.Deliveries.Rows;

/// <summary>Ends queued deliveries that can never be sent.</summary>
public static class FailRows
{
    private static readonly string Sql = $"""
        UPDATE deliveries d SET state = 'failed', reason = @reason, updated_at = now()
          FROM unnest(@tenants, @ids) AS k(tenant_id, delivery_id)
         WHERE {RowKeys.Match} AND {DeliveryRules.Sql(DeliveryVerb.Fail)}
        """;

    public static async Task FailAsync(
        NpgsqlDataSource database,
        IEnumerable<DeliveryKey> keys,
        string reason,
        CancellationToken cancellationToken
    )
    {
        var rows = RowKeys.InLockOrder(keys, key => key);
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new("reason", reason));
        command.Parameters.AddKeys(rows, key => key);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
