using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Routing;
using Notify.Core.Suppressions;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Workers.Router.Intake;

/// <summary>
/// What is asked once rows are committed and nothing of them is produced: wishes to cancel, opt-outs and suppressions that came while they
/// were being written. Whoever has such a wish writes it, and looks for the rows then; so one of the two sees the other. All of it is one
/// round trip.
/// </summary>
internal static class AfterCommit
{
    private const string PeopleSql = """
        SELECT k.tenant_id, k.recipient_id
          FROM unnest(@tenants, @recipients, @versions) AS k(tenant_id, recipient_id, version)
          LEFT JOIN recipients r ON r.tenant_id = k.tenant_id AND r.recipient_id = k.recipient_id
         WHERE r.consent_version IS DISTINCT FROM k.version
        """;

    /// <param name="connection">Outside of a transaction.</param>
    /// <param name="routed">What was decided.</param>
    /// <param name="known">Those of them that were written before.</param>
    /// <param name="gathered">What was known when it was decided.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The deliveries that are not to be produced: they are cancelled, or go back to be decided. Of a notification that was
    /// written before, what is still queued goes back where it would be decided otherwise now.</returns>
    public static async Task<HashSet<Guid>> WithdrawnAsync(
        NpgsqlConnection connection,
        IReadOnlyList<RoutedNotification> routed,
        HashSet<IncomingNotification> known,
        Gathered gathered,
        CancellationToken cancellationToken
    )
    {
        if (routed.Count == 0)
            return [];
        var (withdrawn, changes) = await AskAsync(connection, routed, gathered, cancellationToken);
        if (!changes.Any && known.Count == 0)
            return withdrawn;
        var keys = new List<DeliveryKey>();
        foreach (var notification in routed)
        {
            var isKnown = known.Contains(notification.Incoming);
            foreach (var (candidate, decision, _) in notification.Deliveries)
            {
                if (!changes.Concern(notification.Incoming.Tenant, candidate) && (decision.IsSend || !isKnown))
                    continue;
                if (withdrawn.Add(candidate.Id))
                    keys.Add(new(notification.Incoming.Tenant, candidate.Id));
            }
        }
        await ReconsiderRows.OfKeysAsync(connection, keys, cancellationToken);
        return withdrawn;
    }

    private static async Task<(HashSet<Guid> Cancelled, ConsentChanges Changes)> AskAsync(
        NpgsqlConnection connection,
        IReadOnlyList<RoutedNotification> routed,
        Gathered gathered,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(CancelRows.CancelAskedFor(routed.Select(notification => notification.Incoming).ToList().Keys()));
        batch.BatchCommands.Add(Changed(gathered));
        batch.BatchCommands.Add(SuppressionRows.Find(gathered.Addresses));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var cancelled = await CancelRows.ReadAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var people = new HashSet<(string, string)>();
        while (await reader.ReadAsync(cancellationToken))
            people.Add((reader.GetString(0), reader.GetString(1)));
        await reader.NextResultAsync(cancellationToken);
        var suppressed = await SuppressionRows.ReadAsync(reader, gathered.Addresses, cancellationToken);
        var news = suppressed.Where(entry => gathered.IsNews(entry.Key, entry.Value)).Select(entry => entry.Key);
        return (cancelled, new(people, [.. news]));
    }

    /// <summary>Whose word has changed since it was read, wherever that was: no cache is trusted with consent.</summary>
    private static NpgsqlBatchCommand Changed(Gathered gathered)
    {
        var known = gathered.Profiles.ToList();
        var command = new NpgsqlBatchCommand(PeopleSql);
        command.Parameters.AddColumn("tenants", NpgsqlDbType.Text, known, entry => entry.Key.Tenant);
        command.Parameters.AddColumn("recipients", NpgsqlDbType.Text, known, entry => entry.Key.Recipient);
        command.Parameters.AddColumn("versions", NpgsqlDbType.Bigint, known, entry => entry.Value.ConsentVersion);
        return command;
    }

    /// <summary>Tenants and ids.</summary>
    public static List<(string Tenant, Guid Id)> Keys(this IReadOnlyList<IncomingNotification> notifications)
    {
        var keys = new List<(string, Guid)>(notifications.Count);
        for (var i = 0; i < notifications.Count; i++)
            keys.Add((notifications[i].Tenant, notifications[i].Id));
        return keys;
    }

    /// <summary>Whose word has changed.</summary>
    private sealed record ConsentChanges(HashSet<(string Tenant, string Recipient)> People, HashSet<OwnedAddress> Addresses)
    {
        public bool Any => People.Count > 0 || Addresses.Count > 0;

        public bool Concern(string tenant, Candidate candidate) =>
            (candidate.RecipientId is { } recipient && People.Contains((tenant, recipient)))
            || (candidate.Address is { } address && Addresses.Contains(new(tenant, candidate.Channel, address)));
    }
}
