using Npgsql;

namespace Notify.Workers.Router.Intake;

/// <summary>Cancellations that came before their notification was routed.</summary>
internal static class CancellationStore
{
    // Longer than a notification lives by default (three days): one that comes later has expired.
    private const string PurgeSql = """
        DELETE FROM cancellations WHERE ctid = ANY(ARRAY(SELECT ctid FROM cancellations WHERE asked_at < @now - interval '4 days' LIMIT 5000))
        """;

    /// <summary>Removes those whose notification can no longer come; a bounded number at a time.</summary>
    public static async Task<int> PurgeAsync(NpgsqlDataSource database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(PurgeSql);
        command.Parameters.Add(new("now", now));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
