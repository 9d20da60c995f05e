using System.Globalization;
using Notify.Benchmarks.Reporting;
using Notify.Core.Notifications;
using Npgsql;

namespace Notify.Benchmarks.Scenarios;

/// <summary>
/// Where a lane's time went: posted, accepted (to the millisecond), routed, when the call to the provider began, and arrived. The services
/// wrote down the three in the middle, all on this machine's clock. Percentiles are of each stage by itself and do not add up.
/// </summary>
internal static class LatencyStages
{
    private const string Sql = """
        SELECT n.notification_id, n.routed_at, d.sent_at
          FROM deliveries d JOIN notifications n USING (tenant_id, accepted_at, notification_id)
         WHERE d.notification_id = ANY (@ids) AND d.sent_at IS NOT NULL
        """;

    /// <summary>A line of a report about these messages; null where none was sent.</summary>
    public static async Task<string?> OfAsync(
        NpgsqlDataSource rows,
        Lane lane,
        IEnumerable<ProbeTimes> probes,
        CancellationToken cancellationToken
    )
    {
        var known = probes.ToDictionary(probe => probe.Notification.Id);
        await using var command = rows.CreateCommand(Sql);
        command.Parameters.AddWithValue("ids", known.Keys.ToArray());
        var (accepting, routing, calling, arriving) = (
            new Stage("posted to accepted"),
            new Stage("accepted to routed"),
            new Stage("routed to the provider's call"),
            new Stage("call to arrival")
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (notification, arrivedAt) = known[reader.GetGuid(0)];
            var (routedAt, calledAt) = (reader.GetFieldValue<DateTimeOffset>(1), reader.GetFieldValue<DateTimeOffset>(2));
            accepting.Add(notification.AcceptedAt - notification.PostedAt);
            routing.Add(routedAt - notification.AcceptedAt);
            calling.Add(calledAt - routedAt);
            if (arrivedAt is { } at)
                arriving.Add(at - calledAt);
        }
        return routing.Count == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{lane.ToName()} by stage, p50 / p99 of {routing.Count}: {string.Join(", ", accepting, routing, calling, arriving)}"
            );
    }

    private sealed class Stage(string name)
    {
        private readonly List<double> _milliseconds = [];

        public int Count => _milliseconds.Count;

        /// <summary>An accept time without its fraction of a millisecond may lie before the post.</summary>
        public void Add(TimeSpan took) => _milliseconds.Add(Math.Max(0, took.TotalMilliseconds));

        public override string ToString() =>
            LatencySummary.Of([.. _milliseconds]) is { } of
                ? string.Create(CultureInfo.InvariantCulture, $"{name} {of.P50:0.0} / {of.P99:0.0} ms")
                : $"{name} unknown";
    }
}
