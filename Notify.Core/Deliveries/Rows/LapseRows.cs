using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.Deliveries.Rows;

/// <summary>Lets what a worker left behind come due: deliveries that are still being sent under a claim whose lease is over.</summary>
public static class LapseRows
{
    private const int MaxClaims = 100;

    private const string TakeSql = """
        DELETE FROM claims WHERE claim_id = ANY(ARRAY(
            SELECT claim_id FROM claims WHERE lapses_at <= now() ORDER BY lapses_at LIMIT @limit FOR UPDATE SKIP LOCKED))
        RETURNING claim_id, delivery_ids
        """;

    private static readonly string ComeDueSql = $"""
        UPDATE deliveries d SET due_at = now()
          FROM unnest(@claims, @ids) AS k(claim_id, delivery_id)
         WHERE d.delivery_id = k.delivery_id AND {DeliveryRules.Sql(DeliveryVerb.Lapse)} AND d.claim_id = k.claim_id
        """;

    /// <summary>Of a bounded number of claims. Whether there may be more.</summary>
    public static async Task<bool> ComeDueAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (claims, left) = await TakeAsync(connection, cancellationToken);
        if (left.Count > 0)
        {
            left.Sort((one, other) => one.Delivery.CompareTo(other.Delivery)); // as every batch locks its rows
            await using var command = new NpgsqlCommand(ComeDueSql, connection);
            command.Parameters.Add(
                new("claims", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = left.ConvertAll(row => row.Claim).ToArray() }
            );
            command.Parameters.Add(
                new("ids", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = left.ConvertAll(row => row.Delivery).ToArray() }
            );
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return claims == MaxClaims;
    }

    private static async Task<(int Claims, List<(Guid Claim, Guid Delivery)> Left)> TakeAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(TakeSql, connection);
        command.Parameters.Add(new("limit", MaxClaims));
        var (claims, left) = (0, new List<(Guid, Guid)>());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            claims++;
            left.AddRange(reader.GetFieldValue<Guid[]>(1).Select(delivery => (reader.GetGuid(0), delivery)));
        }
        return (claims, left);
    }
}
