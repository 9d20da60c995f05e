using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Notifications;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.Deliveries.Rows;

/// <summary>
/// Sends what is open of somebody back to be decided, because what they allow has changed. Nobody can claim it until the pump has decided.
/// What a worker has claimed goes on, and is decided again before it would be tried once more.
/// </summary>
public static class ReconsiderRows
{
    // A notification lives for four weeks at most, and an id may be an hour ahead of the clock; a replay gives an old one an hour more, but
    // its row waits, and what waits is decided again in any case.
    private const int OpenDays = 30;

    // An id has its time, and days are ranges of ids: older days need not be opened.
    private const string Open = "d.delivery_id >= @since";

    // A wait that the answer of a provider asked for, or that a tenant's turn takes, is not cut short.
    private static readonly string Set = $"""
        state = CASE WHEN d.state = 'sending' THEN d.state ELSE 'waiting' END,
        due_at = CASE WHEN d.state = 'queued' OR (d.state = 'waiting' AND d.reason IN ('{DeliveryReasons.QuietHours}', '{DeliveryReasons.Muted}'))
                      THEN now() ELSE d.due_at END,
        reason = '{DeliveryReasons.Consent}', updated_at = now()
        """;

    // What waits for its tenant's turn is decided when that comes, and is claimed by nobody before.
    private static readonly string Touched =
        $"{DeliveryRules.Sql(DeliveryVerb.Reconsider)} AND NOT (d.state = 'waiting' AND d.reason = 'share')";

    private static readonly string OfRecipientSql = Locked(
        $"""
        SELECT d.delivery_id FROM deliveries d
         WHERE d.recipient_id = @recipient AND d.tenant_id = @tenant AND {Open} AND {Touched}
        """
    );

    private static readonly string OfAddressSql = Locked(
        $"""
        SELECT d.delivery_id FROM unnest(@tenants, @channels, @addresses) AS k(tenant_id, channel, address)
          JOIN deliveries d ON d.recipient_id IS NULL AND d.tenant_id = k.tenant_id AND d.channel = k.channel
           AND hashtext(d.address) = hashtext(k.address) AND d.address = k.address
         WHERE {Open} AND {Touched}
        """
    );

    private static readonly string OfKeysSql = $"""
        UPDATE deliveries d SET {Set}
          FROM unnest(@tenants, @ids) AS k(tenant_id, delivery_id)
         WHERE {RowKeys.Match} AND {Touched}
        """;

    /// <summary>In the order in which claims and outcomes lock rows; a row that one of them has changed meanwhile is looked at
    /// again.</summary>
    private static string Locked(string found) =>
        $"""
            WITH k AS MATERIALIZED (
                {found}
                 ORDER BY d.delivery_id FOR UPDATE OF d)
            UPDATE deliveries d SET {Set} FROM k WHERE d.delivery_id = k.delivery_id AND {Touched}
            """;

    /// <summary>Everything that is open of a registered recipient.</summary>
    /// <returns>How many rows.</returns>
    public static async Task<int> OfRecipientAsync(
        NpgsqlConnection connection,
        string tenant,
        string recipient,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(OfRecipientSql, connection);
        command.Parameters.Add(new("tenant", tenant));
        command.Parameters.Add(new("recipient", recipient));
        command.Parameters.Add(Since());
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The same on a connection of its own.</summary>
    public static async Task<int> OfRecipientAsync(
        NpgsqlDataSource database,
        string tenant,
        string recipient,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await OfRecipientAsync(connection, tenant, recipient, cancellationToken);
    }

    /// <summary>Everything that is open for addresses that came with their requests.</summary>
    public static async Task<int> OfAddressesAsync(
        NpgsqlConnection connection,
        string tenant,
        IReadOnlyList<(Channel Channel, string Address)> addresses,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(OfAddressSql, connection);
        command.Parameters.AddColumn("tenants", NpgsqlDbType.Text, addresses, _ => tenant);
        command.Parameters.AddColumn("channels", NpgsqlDbType.Text, addresses, entry => entry.Channel.ToName());
        command.Parameters.AddColumn("addresses", NpgsqlDbType.Text, addresses, entry => entry.Address);
        command.Parameters.Add(Since());
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Since() => new("since", UuidV7.RangeAt(TimeProvider.System.GetUtcNow().AddDays(-OpenDays)).First);

    /// <summary>These deliveries.</summary>
    public static async Task<int> OfKeysAsync(
        NpgsqlConnection connection,
        IEnumerable<DeliveryKey> keys,
        CancellationToken cancellationToken
    )
    {
        var rows = RowKeys.InLockOrder(keys, key => key);
        if (rows.Count == 0)
            return 0;
        await using var command = new NpgsqlCommand(OfKeysSql, connection);
        command.Parameters.AddKeys(rows, key => key);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
