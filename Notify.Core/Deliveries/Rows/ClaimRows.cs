using Npgsql;

namespace Notify.Core.Deliveries.Rows;

/// <summary>
/// Takes the right to one attempt each. What already finished, or is somebody else's, does not come back: that is what makes a repeated
/// record harmless. A claim whose answer was lost on the way is asked for again with its own id and found as it was made: nobody else would
/// ever make the call. The claim itself is a row of its own, so that holding on to it changes no delivery.
/// </summary>
public static class ClaimRows
{
    private const string Mine = "(d.state = 'sending' AND d.claim_id = @claim)";

    private static readonly DaySql Sql = new(table =>
        $"""
            WITH taken AS (
                UPDATE {table} d
                   SET state = 'sending', fence = d.fence + CASE WHEN {Mine} THEN 0 ELSE 1 END,
                       attempt = d.attempt + CASE WHEN {Mine} THEN 0 ELSE 1 END,
                       claim_id = @claim, due_at = NULL, reason = nullif(d.reason, 'share'), updated_at = now()
                  FROM unnest(@tenants, @ids) AS k(tenant_id, delivery_id)
                 WHERE {RowKeys.Match} AND ({DeliveryRules.Claimable} OR {Mine})
                RETURNING d.delivery_id, d.fence, d.attempt, d.at_most_once),
            held AS (
                INSERT INTO claims (claim_id, lapses_at, delivery_ids)
                SELECT @claim, now() + @lease, array_agg(delivery_id) FROM taken HAVING count(*) > 0
                ON CONFLICT (claim_id) DO UPDATE SET lapses_at = excluded.lapses_at, delivery_ids = excluded.delivery_ids)
            SELECT delivery_id, fence, attempt, at_most_once FROM taken
            """
    );

    /// <param name="database">Where the rows are.</param>
    /// <param name="keys">What to claim.</param>
    /// <param name="lease">How long the claims hold.</param>
    /// <param name="claimId">Asked again with the same id, it finds what the first time claimed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<Dictionary<Guid, Claim>> ClaimAsync(
        NpgsqlDataSource database,
        IReadOnlyList<DeliveryKey> keys,
        TimeSpan lease,
        Guid claimId,
        CancellationToken cancellationToken
    )
    {
        var rows = RowKeys.InLockOrder(keys, key => key);
        return await Sql.ExecuteAsync(rows[0].Id, rows[^1].Id, sql => ClaimAsync(database, sql, rows, lease, claimId, cancellationToken));
    }

    private static async Task<Dictionary<Guid, Claim>> ClaimAsync(
        NpgsqlDataSource database,
        string sql,
        List<DeliveryKey> rows,
        TimeSpan lease,
        Guid claimId,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new("claim", claimId));
        command.Parameters.Add(new("lease", lease));
        command.Parameters.AddKeys(rows, key => key);
        var claims = new Dictionary<Guid, Claim>(rows.Count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            claims[reader.GetGuid(0)] = new(reader.GetGuid(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetBoolean(3));
        return claims;
    }
}

/// <summary>The right to make one attempt. <see cref="Fence"/> grows with each claim: an outcome counts only while it is still the
/// row's.</summary>
public readonly record struct Claim(Guid DeliveryId, int Fence, int Attempt, bool AtMostOnce);
