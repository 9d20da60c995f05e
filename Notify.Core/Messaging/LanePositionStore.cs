using Notify.Core.Data;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.Messaging;

/// <summary>How far consumers say they have come. A position never moves back: what was dealt with stays dealt with. Nor is it ever ahead
/// of the database's clock, as a worker's or a record's may be.</summary>
public sealed class LanePositionStore(NpgsqlDataSource database)
{
    private const string ReportSql = """
        INSERT INTO lane_positions (topic, partition, passed_at, reported_at)
        SELECT @topic, p, least(t, now()), now() FROM unnest(@partitions, @times) AS r(p, t)
        ON CONFLICT (topic, partition) DO UPDATE SET passed_at = greatest(lane_positions.passed_at, excluded.passed_at), reported_at = excluded.reported_at
        """;

    // Where a topic was made anew with fewer partitions, or on another cluster, the positions of those that are gone are still here. They
    // would hold the topic back for ever.
    private const string PassedSql = """
        SELECT topic, min(p.passed_at)
          FROM lane_positions p JOIN unnest(@topics, @counts) AS t(topic, partitions) USING (topic)
         WHERE p.partition < t.partitions
         GROUP BY topic, t.partitions HAVING count(*) = t.partitions
        """;

    private const string ConsumersSql = """
        SELECT topic, count(*) FILTER (WHERE reported_at > now() - @silent)::int FROM lane_positions GROUP BY topic
        """;

    /// <summary>A partition of which nothing was reported for this long has no consumer: three of the reporter's intervals.</summary>
    public static readonly TimeSpan Silent = 3 * LanePositionReporter.Interval;

    public async Task ReportAsync(
        string topic,
        IReadOnlyList<(int Partition, DateTimeOffset PassedAt)> positions,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(ReportSql);
        command.Parameters.Add(new("topic", topic));
        command.Parameters.AddColumn("partitions", NpgsqlDbType.Integer, positions, entry => entry.Partition);
        command.Parameters.AddColumn("times", NpgsqlDbType.TimestampTz, positions, entry => entry.PassedAt);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The time up to which everything on each topic was dealt with; only of topics whose every partition was reported
    /// once.</summary>
    /// <param name="partitions">How many partitions each topic has now.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<Dictionary<string, DateTimeOffset>> PassedAsync(
        IReadOnlyDictionary<string, int> partitions,
        CancellationToken cancellationToken
    )
    {
        List<KeyValuePair<string, int>> topics = [.. partitions];
        await using var command = database.CreateCommand(PassedSql);
        command.Parameters.AddColumn("topics", NpgsqlDbType.Text, topics, topic => topic.Key);
        command.Parameters.AddColumn("counts", NpgsqlDbType.Integer, topics, topic => topic.Value);
        var passed = new Dictionary<string, DateTimeOffset>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            passed[reader.GetString(0)] = reader.GetFieldValue<DateTimeOffset>(1);
        return passed;
    }

    /// <summary>How many partitions of each topic somebody reads; 0 of a topic that was read once and is not now.</summary>
    public async Task<Dictionary<string, int>> ConsumersAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(ConsumersSql);
        command.Parameters.Add(new("silent", Silent));
        var consumers = new Dictionary<string, int>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            consumers[reader.GetString(0)] = reader.GetInt32(1);
        return consumers;
    }
}
