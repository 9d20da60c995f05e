using Notify.Workers.Router.Shares;
using Npgsql;

namespace Notify.Workers.Router.Release;

/// <summary>
/// Takes rows that came due, or whose tenant has its turn, and holds them until the transaction ends. Of the rows that are found and held, as many are taken as the round may hold, in rows and in bytes of their
/// requests: the first of each lane or tenant, then the second of each; one is always taken. Postgres knows the length of a request without
/// reading it. A row whose notification is gone comes too.
/// </summary>
internal static class DueRows
{
    private const string Columns = """
        d.tenant_id, d.delivery_id, d.notification_id, d.channel, d.lane, d.recipient_id, d.address, d.device::text,
        d.state, coalesce(d.reason, '') AS reason, d.attempt, d.at_most_once, d.expires_at, d.accepted_at, d.due_at
        """;

    /// <summary>
    /// Each lane has a limit of its own. Of a channel that stands still only what is not to be sent comes: lapsed claims, and what has
    /// expired.
    /// </summary>
    private static readonly string DueSql = Bounded(
        $"""
          FROM unnest(@channels, @lanes, @limits, @paused) WITH ORDINALITY AS l(channel, lane, n, paused, place)
         CROSS JOIN LATERAL (
            SELECT {Columns} FROM deliveries d
             WHERE d.channel = l.channel AND d.lane = l.lane AND d.due_at <= now() AND d.delivery_id >= @since
               AND (NOT l.paused OR d.state = 'sending' OR d.expires_at <= now())
               AND (@lapsed OR d.state <> 'sending')
             ORDER BY d.due_at LIMIT l.n
               FOR UPDATE SKIP LOCKED) d
        """,
        "d.due_at"
    );

    /// <summary>Each tenant has a limit of its own.</summary>
    private static readonly string TurnsSql = Bounded(
        $"""
          FROM unnest(@channels, @lanes, @tenants, @limits) WITH ORDINALITY AS l(channel, lane, tenant_id, n, place)
         CROSS JOIN LATERAL (
            SELECT {Columns} FROM deliveries d
             WHERE d.reason = 'share' AND d.state = 'waiting' AND d.channel = l.channel AND d.lane = l.lane AND d.tenant_id = l.tenant_id
               AND d.delivery_id >= @since
             ORDER BY d.accepted_at, d.delivery_id LIMIT l.n
               FOR UPDATE SKIP LOCKED) d
        """,
        "d.accepted_at, d.delivery_id"
    );

    /// <param name="connection">In the transaction that is to hold the rows.</param>
    /// <param name="lanes">Which lanes, and how many rows of each at most.</param>
    /// <param name="since">The first id that a row which waits can have.</param>
    /// <param name="lapsedToo">Whether claims past their lease are taken too.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<List<DueDelivery>> TakeDueAsync(
        NpgsqlConnection connection,
        IReadOnlyList<DueLane> lanes,
        Guid since,
        bool lapsedToo,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(DueSql, connection);
        command.Parameters.Add(new("channels", lanes.Select(lane => lane.Channel).ToArray()));
        command.Parameters.Add(new("lanes", lanes.Select(lane => lane.Lane).ToArray()));
        command.Parameters.Add(new("limits", lanes.Select(lane => lane.Limit).ToArray()));
        command.Parameters.Add(new("paused", lanes.Select(lane => lane.IsPaused).ToArray()));
        command.Parameters.Add(new("since", since));
        command.Parameters.Add(new("lapsed", lapsedToo));
        return ReadAsync(command, cancellationToken);
    }

    /// <param name="connection">In the transaction that is to hold the rows.</param>
    /// <param name="turns">Whose turn it is, and how many rows of each at most.</param>
    /// <param name="since">The first id that a row which waits can have.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<List<DueDelivery>> TakeTurnsAsync(
        NpgsqlConnection connection,
        IReadOnlyList<(LaneTenant Key, int Room)> turns,
        Guid since,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(TurnsSql, connection);
        command.Parameters.Add(new("channels", turns.Select(turn => turn.Key.Channel).ToArray()));
        command.Parameters.Add(new("lanes", turns.Select(turn => turn.Key.Lane).ToArray()));
        command.Parameters.Add(new("tenants", turns.Select(turn => turn.Key.Tenant).ToArray()));
        command.Parameters.Add(new("limits", turns.Select(turn => turn.Room).ToArray()));
        command.Parameters.Add(new("since", since));
        return ReadAsync(command, cancellationToken);
    }

    private static string Bounded(string found, string order) =>
        $"""
            SELECT * FROM (
                SELECT f.*, sum(f.bytes) OVER together - f.bytes AS bytes_before, count(*) OVER together AS rows
                  FROM (
                    SELECT d.*, n.request, n.trace_parent, t.enabled, l.place, coalesce(octet_length(n.request), 0) AS bytes,
                           row_number() OVER (PARTITION BY l.place ORDER BY {order}) AS nth
                    {found}
                      LEFT JOIN notifications n
                        ON n.tenant_id = d.tenant_id AND n.accepted_at = d.accepted_at AND n.notification_id = d.notification_id
                      LEFT JOIN tenants t ON t.tenant_id = d.tenant_id) f
                WINDOW together AS (ORDER BY f.nth, f.place ROWS UNBOUNDED PRECEDING)) r
             WHERE r.bytes_before < @max_bytes AND r.rows <= @max_rows
            """;

    private static async Task<List<DueDelivery>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var disposed = command;
        command.Parameters.Add(new("max_bytes", RoundLimits.Bytes));
        command.Parameters.Add(new("max_rows", RoundLimits.Rows));
        var rows = new List<DueDelivery>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(
                new()
                {
                    Tenant = reader.GetString(0),
                    Id = reader.GetGuid(1),
                    NotificationId = reader.GetGuid(2),
                    Channel = reader.GetString(3),
                    Lane = reader.GetString(4),
                    RecipientId = TextAt(5),
                    Address = TextAt(6),
                    Device = TextAt(7),
                    Was = reader.GetString(8),
                    Reason = reader.GetString(9),
                    Attempt = reader.GetInt32(10),
                    AtMostOnce = reader.GetBoolean(11),
                    ExpiresAt = reader.GetFieldValue<DateTimeOffset>(12),
                    Request = reader.IsDBNull(15) ? null : reader.GetFieldValue<byte[]>(15),
                    TraceParent = TextAt(16),
                    IsTenantEnabled = reader.IsDBNull(17) ? null : reader.GetBoolean(17),
                }
            );
        }
        return rows;

        string? TextAt(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }
}

/// <summary>What may be released of a lane.</summary>
/// <param name="Channel">Its channel.</param>
/// <param name="Lane">Its lane.</param>
/// <param name="Limit">So many rows at most.</param>
/// <param name="IsPaused">The channel stands still: of it comes only what is not to be sent.</param>
internal readonly record struct DueLane(string Channel, string Lane, int Limit, bool IsPaused);
