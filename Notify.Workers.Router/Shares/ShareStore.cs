using Npgsql;

namespace Notify.Workers.Router.Shares;

/// <summary>What stands in Kafka and who waits, from the partial indexes over just these rows.</summary>
internal sealed class ShareStore(NpgsqlDataSource database)
{
    private const string CountSql = """
        SELECT channel, lane, tenant_id, count(*)::int FROM deliveries WHERE state = 'queued' GROUP BY channel, lane, tenant_id
        """;

    // From one tenant to the next along the index, however many rows each has.
    private const string WaitingSql = """
        WITH RECURSIVE found AS (
            (SELECT channel, lane, tenant_id FROM deliveries WHERE state = 'waiting' AND reason = 'share' ORDER BY channel, lane, tenant_id LIMIT 1)
            UNION ALL
            SELECT next.channel, next.lane, next.tenant_id
              FROM found, LATERAL (
                SELECT d.channel, d.lane, d.tenant_id FROM deliveries d
                 WHERE d.state = 'waiting' AND d.reason = 'share' AND (d.channel, d.lane, d.tenant_id) > (found.channel, found.lane, found.tenant_id)
                 ORDER BY d.channel, d.lane, d.tenant_id LIMIT 1) next)
        SELECT channel, lane, tenant_id FROM found
        """;

    private const string WeightsSql = "SELECT tenant_id, weight FROM tenants WHERE weight <> 1";

    public async Task<(Dictionary<LaneTenant, int> Queued, HashSet<LaneTenant> Waiting, Dictionary<string, int> Weights)> CountAsync(CancellationToken cancellationToken)
    {
        var queued = new Dictionary<LaneTenant, int>();
        var waiting = new HashSet<LaneTenant>();
        var weights = new Dictionary<string, int>();
        await using var command = database.CreateCommand($"{CountSql}; {WaitingSql}; {WeightsSql}");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            queued[new(reader.GetString(0), reader.GetString(1), reader.GetString(2))] = reader.GetInt32(3);
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            waiting.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            weights[reader.GetString(0)] = reader.GetInt32(1);
        return (queued, waiting, weights);
    }
}
