using Notify.Benchmarks.Seeding;
using Npgsql;

namespace Notify.Benchmarks.Scenarios;

/// <summary>How a full intake was routed, and how fast the rest was sent after that, by the times that the services wrote into the
/// rows.</summary>
/// <param name="Notifications">All that were routed.</param>
/// <param name="Batches">Transactions that wrote them.</param>
/// <param name="Timed">Those after the first batch, whose beginning nobody knows.</param>
/// <param name="Seconds">From the first batch to the last: what the timed ones took.</param>
/// <param name="SentAfter">Deliveries whose provider call began after the last batch: then only the pump and the worker have work.</param>
/// <param name="SecondsAfter">From the last batch to the last of these calls.</param>
internal sealed record RoutingFigures(long Notifications, long Batches, long Timed, double Seconds, long SentAfter, double SecondsAfter)
{
    private const string Sql = $"""
        WITH batches AS (SELECT routed_at, count(*) AS rows FROM notifications WHERE tenant_id = '{SeedPlan.Tenant}' GROUP BY routed_at),
             routing AS (
                SELECT coalesce(sum(rows), 0)::bigint AS rows, count(*) AS batches, coalesce((SELECT rows FROM batches ORDER BY routed_at LIMIT 1), 0) AS first, min(routed_at) AS began, max(routed_at) AS ended
                  FROM batches),
             later AS (SELECT count(*) AS rows, max(d.sent_at) AS ended FROM deliveries d, routing WHERE d.tenant_id = '{SeedPlan.Tenant}' AND d.sent_at > routing.ended)
        SELECT routing.rows, routing.batches, routing.rows - routing.first, coalesce(extract(epoch FROM routing.ended - routing.began), 0)::float8,
               later.rows, coalesce(extract(epoch FROM later.ended - routing.ended), 0)::float8
          FROM routing, later
        """;

    public static async Task<RoutingFigures> ReadAsync(NpgsqlDataSource rows, CancellationToken cancellationToken)
    {
        await using var command = rows.CreateCommand(Sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(
            reader.GetInt64(0),
            reader.GetInt64(1),
            reader.GetInt64(2),
            reader.GetDouble(3),
            reader.GetInt64(4),
            reader.GetDouble(5)
        );
    }
}
