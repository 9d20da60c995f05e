using Notify.Core.Data;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.Messaging;

/// <summary>How far consumers say they have come. A position never moves back: what was dealt with stays dealt with. Nor is it ever ahead of the database's clock, as a worker's or a record's may be.</summary>
public sealed class LanePositionStore(NpgsqlDataSource database)
{
    private const string ReportSql = """
        INSERT INTO lane_positions (topic, partition, passed_at, reported_at)
        SELECT @topic, p, least(t, now()), now() FROM unnest(@partitions, @times) AS r(p, t)
        ON CONFLICT (topic, partition) DO UPDATE SET passed_at = greatest(lane_positions.passed_at, excluded.passed_at), reported_at = excluded.reported_at
        """;

    private const string PassedSql = "SELECT topic, min(passed_at), count(*) FROM lane_positions GROUP BY topic";

    public async Task ReportAsync(string topic, IReadOnlyList<(int Partition, DateTimeOffset PassedAt)> positions, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(ReportSql);
        command.Parameters.Add(new("topic", topic));
        command.Parameters.AddColumn("partitions", NpgsqlDbType.Integer, positions, entry => entry.Partition);
        command.Parameters.AddColumn("times", NpgsqlDbType.TimestampTz, positions, entry => entry.PassedAt);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The time up to which everything on each topic was dealt with; only of topics whose every partition was reported once.</summary>
    /// <param name="partitionsOf">How many partitions a topic has.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<Dictionary<string, DateTimeOffset>> PassedAsync(Func<string, int> partitionsOf, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(PassedSql);
        var passed = new Dictionary<string, DateTimeOffset>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var topic = reader.GetString(0);
            if (reader.GetInt64(2) >= partitionsOf(topic))
                passed[topic] = reader.GetFieldValue<DateTimeOffset>(1);
        }
        return passed;
    }
}
