using Npgsql;

namespace Notify.Core.Deliveries.Rows;

/// <summary>
/// What was put on a lane together, for as long as some of it stands there: the tenants' shares are counted by it, and a record that was
/// lost is found by it. No index holds what is queued, since every claim would have to change it. A row belongs to the batch that has its
/// <c>queued_at</c>: one that is produced again belongs to the latest.
/// </summary>
public static class QueuedBatches
{
    /// <summary>Adds the batches of what a statement queues; its <c>k</c> (delivery_id, channel, lane, state) is what it writes.</summary>
    internal const string InsertSql = """
        INSERT INTO queued_batches (channel, lane, queued_at, delivery_ids)
        SELECT channel, lane, now(), array_agg(delivery_id) FROM k WHERE state = 'queued' GROUP BY channel, lane
        """;

    /// <summary>Forgets batches of which nothing is queued any more.</summary>
    public static async Task RemoveAsync(NpgsqlDataSource database, IReadOnlyCollection<long> batches, CancellationToken cancellationToken)
    {
        if (batches.Count == 0)
            return;
        await using var command = database.CreateCommand("DELETE FROM queued_batches WHERE batch_id = ANY(@batches)");
        command.Parameters.Add(new("batches", batches.ToArray()));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
