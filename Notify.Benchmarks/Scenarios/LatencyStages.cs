using System.Globalization;
using Notify.Core.Notifications;
using Npgsql;

namespace Notify.Benchmarks.Scenarios;

/// <summary>Where a lane's time went, by the times that the services wrote down: accepted (to the millisecond), routed, and when the call to the provider began.</summary>
internal static class LatencyStages
{
    private const string Sql = """
        SELECT count(*),
               percentile_disc(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY 1e3 * extract(epoch FROM n.routed_at - n.accepted_at)),
               percentile_disc(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY 1e3 * extract(epoch FROM d.sent_at - n.routed_at))
          FROM deliveries d JOIN notifications n USING (tenant_id, accepted_at, notification_id)
         WHERE d.lane = @lane AND d.sent_at IS NOT NULL AND d.accepted_at >= @since
        """;

    /// <summary>A line of a report; null where nothing was sent.</summary>
    public static async Task<string?> OfAsync(NpgsqlDataSource rows, Lane lane, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var command = rows.CreateCommand(Sql);
        command.Parameters.AddWithValue("lane", lane.ToName());
        command.Parameters.AddWithValue("since", since.ToUniversalTime());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (reader.GetInt64(0) == 0)
            return null;
        var (routing, calling) = (reader.GetFieldValue<decimal[]>(1), reader.GetFieldValue<decimal[]>(2));
        return string.Create(CultureInfo.InvariantCulture,
            $"{lane.ToName()} by stage, p50 / p99: accepted to routed {routing[0]:0.0} / {routing[1]:0.0} ms, routed to the provider's call {calling[0]:0.0} / {calling[1]:0.0} ms");
    }
}
