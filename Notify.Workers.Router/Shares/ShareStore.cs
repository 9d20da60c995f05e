using Notify.Core.Deliveries.Rows;
using Npgsql;

namespace Notify.Workers.Router.Shares;

/// <summary>What stands in Kafka, from the batches that were put there, and who waits, from an index over just these rows.</summary>
internal sealed class ShareStore(NpgsqlDataSource database, OpenDays days)
{
    private const string CountSql = """
        SELECT b.batch_id, b.channel, b.lane, d.tenant_id, count(d.delivery_id)::int
          FROM queued_batches b CROSS JOIN LATERAL unnest(b.delivery_ids) AS i(id)
          LEFT JOIN deliveries d ON d.delivery_id = i.id AND d.state = 'queued' AND d.queued_at = b.queued_at
         GROUP BY b.batch_id, b.channel, b.lane, d.tenant_id
        """;

    // From one tenant to the next along the index, however many rows each has.
    private const string WaitingSql = """
        WITH RECURSIVE found AS (
            (SELECT channel, lane, tenant_id FROM deliveries
              WHERE reason = 'share' AND state = 'waiting' AND delivery_id >= @since ORDER BY channel, lane, tenant_id LIMIT 1)
            UNION ALL
            SELECT next.channel, next.lane, next.tenant_id
              FROM found, LATERAL (
                SELECT d.channel, d.lane, d.tenant_id FROM deliveries d
                 WHERE d.reason = 'share' AND d.state = 'waiting' AND d.delivery_id >= @since
                   AND (d.channel, d.lane, d.tenant_id) > (found.channel, found.lane, found.tenant_id)
                 ORDER BY d.channel, d.lane, d.tenant_id LIMIT 1) next)
        SELECT channel, lane, tenant_id FROM found
        """;

    private const string WeightsSql = "SELECT tenant_id, weight FROM tenants WHERE weight <> 1";

    /// <summary>Counts, and forgets the batches that have gone.</summary>
    public async Task<(Dictionary<LaneTenant, int> Queued, HashSet<LaneTenant> Waiting, Dictionary<string, int> Weights)> CountAsync(
        CancellationToken cancellationToken
    )
    {
        var queued = new Dictionary<LaneTenant, int>();
        var waiting = new HashSet<LaneTenant>();
        var weights = new Dictionary<string, int>();
        await using var command = database.CreateCommand($"{CountSql}; {WaitingSql}; {WeightsSql}");
        command.Parameters.Add(new("since", days.Since));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (drained, standing) = (new HashSet<long>(), new HashSet<long>());
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.IsDBNull(3))
            {
                drained.Add(reader.GetInt64(0));
                continue;
            }
            standing.Add(reader.GetInt64(0));
            var key = new LaneTenant(reader.GetString(1), reader.GetString(2), reader.GetString(3));
            queued[key] = queued.GetValueOrDefault(key) + reader.GetInt32(4);
        }
        drained.ExceptWith(standing); // of some batches a part has gone
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            waiting.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            weights[reader.GetString(0)] = reader.GetInt32(1);
        await reader.CloseAsync();
        await QueuedBatches.RemoveAsync(database, drained, cancellationToken);
        return (queued, waiting, weights);
    }
}
