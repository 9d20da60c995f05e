using Notify.Core.Data;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.Deliveries.Rows;

/// <summary>What became of a row that came due, or whose tenant had its turn.</summary>
/// <param name="Key">The row.</param>
/// <param name="Channel">Its channel, as the row has it: this version need not know it.</param>
/// <param name="Lane">Its lane, likewise.</param>
/// <param name="State">Queued where its record was produced; what ends it, or waiting, otherwise.</param>
/// <param name="Reason">Why it was not produced.</param>
/// <param name="DueAt">When it comes due if it waits; null to be looked at again after a while.</param>
/// <param name="Decision">Why it was decided so, in the form of <see cref="Decisions.DecisionTrace"/>; null where nothing was decided, which
/// leaves the row's as it is.</param>
public readonly record struct ReleasedRow(
    DeliveryKey Key,
    string Channel,
    string Lane,
    DeliveryState State,
    string? Reason,
    DateTimeOffset? DueAt = null,
    string? Decision = null
);

/// <summary>Writes what became of rows that the same transaction holds: produced, ended, or standing back for a while.</summary>
public static class ReleaseRows
{
    private static readonly string MarkSql = $"""
        WITH k AS MATERIALIZED (
            SELECT * FROM unnest(@tenants, @ids, @channels, @lanes, @states, @reasons, @dues, @decisions)
              AS u(tenant_id, delivery_id, channel, lane, state, reason, due_at, decision)),
        batches AS (
            {QueuedBatches.InsertSql})
        UPDATE deliveries d
           SET state = k.state, reason = k.reason, queued_at = now(), updated_at = now(),
               due_at = CASE WHEN k.state = 'waiting' THEN least(coalesce(k.due_at, now() + @aside), d.expires_at) END,
               decision = coalesce(k.decision, d.decision)
          FROM k
         WHERE {RowKeys.Match} AND {DeliveryRules.Sql(DeliveryVerb.Release)}
        """;

    // What Kafka did not confirm would be first in every round, and with enough of it the only: it stands back for a while.
    // (What waits for its tenant's turn is due by no time.)
    private static readonly string PostponeSql = $"""
        UPDATE deliveries d SET due_at = now() + @pause
          FROM unnest(@tenants, @ids) AS k(tenant_id, delivery_id)
         WHERE {RowKeys.Match} AND {DeliveryRules.Sql(DeliveryVerb.Release)} AND d.reason IS DISTINCT FROM 'share'
        """;

    /// <param name="connection">In the transaction that holds the rows.</param>
    /// <param name="released">The rows.</param>
    /// <param name="aside">When those come due that wait on without a time of their own.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task MarkAsync(
        NpgsqlConnection connection,
        IReadOnlyList<ReleasedRow> released,
        TimeSpan aside,
        CancellationToken cancellationToken
    )
    {
        if (released.Count == 0)
            return;
        var rows = RowKeys.InLockOrder(released, row => row.Key);
        await using var command = new NpgsqlCommand(MarkSql, connection);
        command.Parameters.Add(new("aside", aside));
        command.Parameters.AddKeys(rows, row => row.Key);
        command.Parameters.AddColumn("channels", NpgsqlDbType.Text, rows, row => row.Channel);
        command.Parameters.AddColumn("lanes", NpgsqlDbType.Text, rows, row => row.Lane);
        command.Parameters.AddColumn("states", NpgsqlDbType.Text, rows, row => row.State.ToName());
        command.Parameters.AddColumn("reasons", NpgsqlDbType.Text, rows, row => row.Reason);
        command.Parameters.AddColumn("dues", NpgsqlDbType.TimestampTz, rows, row => row.DueAt);
        command.Parameters.AddColumn("decisions", NpgsqlDbType.Text, rows, row => row.Decision);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Lets rows whose record was not confirmed come due again after a pause.</summary>
    public static async Task PostponeAsync(
        NpgsqlConnection connection,
        IEnumerable<DeliveryKey> unconfirmed,
        TimeSpan pause,
        CancellationToken cancellationToken
    )
    {
        var rows = RowKeys.InLockOrder(unconfirmed, key => key);
        if (rows.Count == 0)
            return;
        await using var command = new NpgsqlCommand(PostponeSql, connection);
        command.Parameters.Add(new("pause", pause));
        command.Parameters.AddKeys(rows, key => key);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
