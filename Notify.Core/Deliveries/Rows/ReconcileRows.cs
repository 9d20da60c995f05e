using Notify.Core.Channels;
using Notify.Core.Notifications;
using Npgsql;

namespace Notify.Core.Deliveries.Rows;

/// <summary>
/// Lets queued rows come due whose lane's consumers have passed them: their records are gone. What is left of a batch that was passed is
/// just that, and the batch is forgotten with it.
/// </summary>
public static class ReconcileRows
{
    private static readonly string Sql = $"""
        WITH b AS MATERIALIZED (
            SELECT batch_id, queued_at, delivery_ids FROM queued_batches
             WHERE channel = @channel AND lane = @lane AND queued_at < @before
             ORDER BY queued_at LIMIT @limit FOR UPDATE SKIP LOCKED),
        passed AS (
            DELETE FROM queued_batches q USING b WHERE q.batch_id = b.batch_id),
        k AS MATERIALIZED (
            SELECT b.queued_at, i.id AS delivery_id FROM b CROSS JOIN LATERAL unnest(b.delivery_ids) AS i(id) ORDER BY i.id),
        back AS (
            UPDATE deliveries d SET state = 'waiting', reason = '{DeliveryReasons.Reconciled}', due_at = now(), updated_at = now()
              FROM k
             WHERE d.delivery_id = k.delivery_id AND d.queued_at = k.queued_at AND {DeliveryRules.Sql(DeliveryVerb.Reconcile)}
            RETURNING 1)
        SELECT (SELECT count(*) FROM back)::int, (SELECT count(*) FROM b)::int
        """;

    /// <summary>How many rows came due, and how many batches were passed.</summary>
    /// <param name="database">Where the rows are.</param>
    /// <param name="channel">The lane's channel.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="before">What was produced before this was passed.</param>
    /// <param name="limit">Batches at most.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<(int Rows, int Batches)> ComeDueAsync(
        NpgsqlDataSource database,
        Channel channel,
        Lane lane,
        DateTimeOffset before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new("channel", channel.ToName()));
        command.Parameters.Add(new("lane", lane.ToName()));
        command.Parameters.Add(new("before", before));
        command.Parameters.Add(new("limit", limit));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt32(0), reader.GetInt32(1));
    }
}
