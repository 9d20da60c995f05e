using Notify.Core.Channels;
using Notify.Core.Notifications;
using Npgsql;

namespace Notify.Workers.Router.Pump;

/// <summary>Finds queued rows that their lane's consumers have passed: their records are gone, so they come due again.</summary>
internal sealed class ReconcileStore(NpgsqlDataSource database)
{
    // The rows are found once: as part of the update's own join the planner may look for them again for each row, and find others beyond the limit.
    private const string Sql = """
        WITH k AS MATERIALIZED (
            SELECT tenant_id, accepted_at, delivery_id FROM deliveries
             WHERE state = 'queued' AND channel = @channel AND lane = @lane AND queued_at < @before
             LIMIT @limit FOR UPDATE SKIP LOCKED)
        UPDATE deliveries d SET state = 'waiting', reason = 'reconciled', due_at = now(), updated_at = now()
          FROM k
         WHERE d.tenant_id = k.tenant_id AND d.accepted_at = k.accepted_at AND d.delivery_id = k.delivery_id AND d.state = 'queued'
        """;

    /// <summary>How many there were, at most the limit.</summary>
    public async Task<int> ComeDueAsync(Channel channel, Lane lane, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new("channel", channel.ToName()));
        command.Parameters.Add(new("lane", lane.ToName()));
        command.Parameters.Add(new("before", before));
        command.Parameters.Add(new("limit", limit));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
