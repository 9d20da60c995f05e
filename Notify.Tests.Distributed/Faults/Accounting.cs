using System.Diagnostics;
using Npgsql;

namespace Notify.Tests.Distributed.Faults;

/// <summary>
/// Holds what was answered 202 against the rows in Postgres and against what the providers got. Lost: accepted, and without a final state
/// when everything had time to end. Duplicate: each acceptance of a provider beyond the first, by address (each address is used once).
/// Silent: a row says sent and nothing arrived, or something arrived and the row does not say so.
/// </summary>
internal sealed class Accounting(RunningNotify notify, string category, long mark)
{
    private const int Rest = 9; // times as long as the question took: counting a million rows is not what is measured
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until everything accepted is final, or until it is too late for it; tells how long.</summary>
    public async Task<TimeSpan> DrainAsync(
        IReadOnlyCollection<Guid> accepted,
        long since,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var asked = Stopwatch.GetTimestamp();
            var over = await IsOverAsync(accepted, cancellationToken);
            var answered = Stopwatch.GetElapsedTime(asked);
            var elapsed = Stopwatch.GetElapsedTime(since);
            if (over || elapsed > patience)
                return elapsed;
            await Task.Delay(answered * Rest > Poll ? answered * Rest : Poll, cancellationToken);
        }
    }

    public async Task<Balance> BalanceAsync(IReadOnlyDictionary<Guid, Parcel> accepted, CancellationToken cancellationToken)
    {
        var rows = await RowsAsync(cancellationToken);
        var arrived = await notify.Sandbox.CountsAsync(mark, cancellationToken);
        var known = rows.ToLookup(row => row.Notification);
        var lost = accepted.Keys.Where(id => !known[id].Any() || !known[id].All(row => row.IsFinal)).ToList();
        var addresses = rows.Select(row => row.Address)
            .OfType<string>()
            .Concat(accepted.Values.Select(parcel => parcel.Address))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var saidSent = rows.Where(row => row.IsWithProvider).Select(row => row.Address!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var mayBe = rows.Where(row => row.State == "unknown").Select(row => row.Address!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var silent = addresses.Count(address => saidSent.Contains(address) != arrived.ContainsKey(address) && !mayBe.Contains(address));
        var duplicates = addresses.Sum(address => Math.Max(0, arrived.GetValueOrDefault(address) - 1));
        return new Balance(accepted.Count, lost, duplicates, silent, rows, arrived);
    }

    /// <summary>Every call for a delivery <c>d</c>, as JSON: those that its row lists, and the one that sent it.</summary>
    public const string CallsSql = """
        jsonb_array_elements(d.attempts || CASE WHEN d.call_ms IS NULL THEN '[]' ELSE jsonb_build_array(jsonb_build_object(
            'at', d.sent_at, 'provider', d.provider, 'outcome', 'sent', 'milliseconds', d.call_ms)) END)
        """;

    public Task<List<DeliveryRow>> RowsAsync(CancellationToken cancellationToken) =>
        notify.QueryAsync(
            $"""
            SELECT n.notification_id, coalesce(d.channel, ''), d.address, coalesce(d.state, 'missing'), d.reason, coalesce(d.fence, 0),
                   (SELECT count(*)::int FROM {CallsSql} AS call WHERE call ->> 'outcome' <> 'not_called'), d.sent_at, n.accepted_at
              FROM notifications n LEFT JOIN deliveries d USING (tenant_id, accepted_at, notification_id) WHERE n.category = @category
            """,
            reader => new DeliveryRow(
                reader.GetGuid(0),
                reader.GetString(1),
                reader.IsDBNull(2) ? null : reader.GetString(2),
                reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetInt32(5),
                reader.GetInt32(6),
                reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7),
                reader.GetFieldValue<DateTimeOffset>(8)
            ),
            cancellationToken,
            new NpgsqlParameter("category", category)
        );

    /// <summary>How many deliveries are in one of the states.</summary>
    public async Task<int> InStateAsync(CancellationToken cancellationToken, params string[] states) =>
        Assert.Single(
            await notify.QueryAsync(
                "SELECT count(*)::int FROM notifications n JOIN deliveries d USING (tenant_id, accepted_at, notification_id) WHERE n.category = @category AND d.state = ANY (@states)",
                reader => reader.GetInt32(0),
                cancellationToken,
                new NpgsqlParameter("category", category),
                new NpgsqlParameter("states", states)
            )
        );

    private async Task<bool> IsOverAsync(IReadOnlyCollection<Guid> accepted, CancellationToken cancellationToken)
    {
        try
        {
            // Rows of requests whose answer was lost count too: there may be enough of them while one that was answered is not routed yet,
            // and that is asked only then.
            return await AreFinalAsync(accepted.Count, cancellationToken)
                && await AreRoutedAsync(accepted, cancellationToken)
                && await AreFinalAsync(accepted.Count, cancellationToken);
        }
        catch (NpgsqlException) // the database is what was taken away
        {
            return false;
        }
    }

    private async Task<bool> AreFinalAsync(int count, CancellationToken cancellationToken)
    {
        var (final, open) = Assert.Single(
            await notify.QueryAsync(
                """
                SELECT (count(*) FILTER (WHERE d.due_at IS NULL AND d.state NOT IN ('queued', 'sending', 'waiting')))::int, (count(*) FILTER (WHERE d.state IS NULL OR d.state IN ('queued', 'sending', 'waiting')))::int
                  FROM notifications n LEFT JOIN deliveries d USING (tenant_id, accepted_at, notification_id) WHERE n.category = @category
                """,
                reader => (reader.GetInt32(0), reader.GetInt32(1)),
                cancellationToken,
                new NpgsqlParameter("category", category)
            )
        );
        return open == 0 && final >= count;
    }

    private async Task<bool> AreRoutedAsync(IReadOnlyCollection<Guid> accepted, CancellationToken cancellationToken) =>
        accepted.Count
        == Assert.Single(
            await notify.QueryAsync(
                "SELECT count(*)::int FROM notifications WHERE category = @category AND notification_id = ANY (@ids)",
                reader => reader.GetInt32(0),
                cancellationToken,
                new NpgsqlParameter("category", category),
                new NpgsqlParameter("ids", accepted.ToArray())
            )
        );
}

/// <summary>What a run came to.</summary>
internal sealed record Balance(
    int Accepted,
    IReadOnlyList<Guid> Lost,
    int Duplicates,
    int Silent,
    IReadOnlyList<DeliveryRow> Rows,
    IReadOnlyDictionary<string, int> Arrived
)
{
    public string States => string.Join(", ", Rows.GroupBy(row => row.State).Select(group => $"{group.Key} {group.Count()}"));
}
