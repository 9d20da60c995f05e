using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Routing;
using Notify.Core.Suppressions;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Workers.Router.Intake;

/// <summary>Finds whose word has changed since it was read, wherever that was: no cache is trusted with consent.</summary>
internal static class ConsentCheck
{
    private const string PeopleSql = """
        SELECT k.tenant_id, k.recipient_id
          FROM unnest(@tenants, @recipients, @versions) AS k(tenant_id, recipient_id, version)
          LEFT JOIN recipients r ON r.tenant_id = k.tenant_id AND r.recipient_id = k.recipient_id
         WHERE r.consent_version IS DISTINCT FROM k.version
        """;

    /// <summary>
    /// Sends back to be decided what was decided by what is not true any more. Of a notification that was written before, what is still
    /// queued goes back where it would be decided otherwise now.
    /// </summary>
    /// <param name="connection">After the commit of the rows.</param>
    /// <param name="routed">What was decided.</param>
    /// <param name="known">Those of them that were written before.</param>
    /// <param name="gathered">What was known.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The deliveries that are not to be produced.</returns>
    public static async Task<HashSet<Guid>> ReconsiderAsync(
        NpgsqlConnection connection,
        IReadOnlyList<RoutedNotification> routed,
        HashSet<IncomingNotification> known,
        Gathered gathered,
        CancellationToken cancellationToken
    )
    {
        var changes = await ChangesAsync(connection, gathered, cancellationToken);
        var back = new HashSet<Guid>();
        if (!changes.Any && known.Count == 0)
            return back;
        var keys = new List<DeliveryKey>();
        foreach (var notification in routed)
        {
            var isKnown = known.Contains(notification.Incoming);
            foreach (var (candidate, decision, _) in notification.Deliveries)
            {
                if (!changes.Concern(notification.Incoming.Tenant, candidate) && (decision.IsSend || !isKnown))
                    continue;
                if (back.Add(candidate.Id))
                    keys.Add(new(notification.Incoming.Tenant, candidate.Id));
            }
        }
        await ReconsiderRows.OfKeysAsync(connection, keys, cancellationToken);
        return back;
    }

    private static async Task<ConsentChanges> ChangesAsync(
        NpgsqlConnection connection,
        Gathered gathered,
        CancellationToken cancellationToken
    ) => new(await PeopleAsync(connection, gathered, cancellationToken), await AddressesAsync(connection, gathered, cancellationToken));

    private static async Task<HashSet<(string Tenant, string Recipient)>> PeopleAsync(
        NpgsqlConnection connection,
        Gathered gathered,
        CancellationToken cancellationToken
    )
    {
        var people = new HashSet<(string, string)>();
        if (gathered.Profiles.Count == 0)
            return people;
        var known = gathered.Profiles.ToList();
        await using var command = new NpgsqlCommand(PeopleSql, connection);
        command.Parameters.AddColumn("tenants", NpgsqlDbType.Text, known, entry => entry.Key.Tenant);
        command.Parameters.AddColumn("recipients", NpgsqlDbType.Text, known, entry => entry.Key.Recipient);
        command.Parameters.AddColumn("versions", NpgsqlDbType.Bigint, known, entry => entry.Value.ConsentVersion);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            people.Add((reader.GetString(0), reader.GetString(1)));
        return people;
    }

    private static async Task<HashSet<OwnedAddress>> AddressesAsync(
        NpgsqlConnection connection,
        Gathered gathered,
        CancellationToken cancellationToken
    )
    {
        var suppressed = await SuppressionRows.FindAsync(connection, gathered.Addresses, cancellationToken);
        return [.. suppressed.Where(entry => gathered.IsNews(entry.Key, entry.Value)).Select(entry => entry.Key)];
    }
}

/// <summary>Whose word has changed.</summary>
internal sealed record ConsentChanges(HashSet<(string Tenant, string Recipient)> People, HashSet<OwnedAddress> Addresses)
{
    public bool Any => People.Count > 0 || Addresses.Count > 0;

    public bool Concern(string tenant, Candidate candidate) =>
        (candidate.RecipientId is { } recipient && People.Contains((tenant, recipient)))
        || (candidate.Address is { } address && Addresses.Contains(new(tenant, candidate.Channel, address)));
}
