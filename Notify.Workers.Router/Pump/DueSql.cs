namespace Notify.Workers.Router.Pump;

/// <summary>
/// What the pump asks for. Of the rows that are found and held, as many are taken as the round may hold, in rows and in bytes of their
/// requests: the first of each lane or tenant, then the second of each; one is always taken. Postgres knows the length of a request without
/// reading it. A row whose notification is gone comes too.
/// </summary>
internal static class DueSql
{
    private const string Columns = """
        d.tenant_id, d.accepted_at, d.delivery_id, d.notification_id, d.channel, d.lane, d.recipient_id, d.address, d.device::text,
        d.state, coalesce(d.reason, '') AS reason, d.attempt, d.at_most_once, d.expires_at, d.due_at
        """;

    /// <summary>
    /// Each lane has a limit of its own. Of a channel that stands still only what is not to be sent comes: lapsed claims, and what has
    /// expired.
    /// </summary>
    public static readonly string Due = Bounded(
        $"""
          FROM unnest(@channels, @lanes, @limits, @paused) WITH ORDINALITY AS l(channel, lane, n, paused, place)
         CROSS JOIN LATERAL (
            SELECT {Columns} FROM deliveries d
             WHERE d.channel = l.channel AND d.lane = l.lane AND d.due_at <= now()
               AND (NOT l.paused OR d.state = 'sending' OR d.expires_at <= now())
               AND (@lapsed OR d.state <> 'sending')
             ORDER BY d.due_at LIMIT l.n
               FOR UPDATE SKIP LOCKED) d
        """,
        "d.due_at"
    );

    /// <summary>Each tenant has a limit of its own.</summary>
    public static readonly string Turns = Bounded(
        $"""
          FROM unnest(@channels, @lanes, @tenants, @limits) WITH ORDINALITY AS l(channel, lane, tenant_id, n, place)
         CROSS JOIN LATERAL (
            SELECT {Columns} FROM deliveries d
             WHERE d.reason = 'share' AND d.state = 'waiting' AND d.channel = l.channel AND d.lane = l.lane AND d.tenant_id = l.tenant_id
             ORDER BY d.accepted_at, d.delivery_id LIMIT l.n
               FOR UPDATE SKIP LOCKED) d
        """,
        "d.accepted_at, d.delivery_id"
    );

    private static string Bounded(string found, string order) =>
        $"""
            SELECT * FROM (
                SELECT f.*, sum(f.bytes) OVER together - f.bytes AS bytes_before, count(*) OVER together AS rows
                  FROM (
                    SELECT d.*, n.request, n.trace_parent, l.place, coalesce(octet_length(n.request), 0) AS bytes,
                           row_number() OVER (PARTITION BY l.place ORDER BY {order}) AS nth
                    {found}
                      LEFT JOIN notifications n
                        ON n.tenant_id = d.tenant_id AND n.accepted_at = d.accepted_at AND n.notification_id = d.notification_id) f
                WINDOW together AS (ORDER BY f.nth, f.place ROWS UNBOUNDED PRECEDING)) r
             WHERE r.bytes_before < @max_bytes AND r.rows <= @max_rows
            """;
}
