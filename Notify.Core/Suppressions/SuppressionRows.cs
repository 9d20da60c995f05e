using Notify.Core.Channels;
using Notify.Core.Data;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.Suppressions;

/// <summary>Looks up what is suppressed.</summary>
public static class SuppressionRows
{
    private const string FindSql = """
        SELECT k.place, s.scope
          FROM unnest(@tenants, @channels, @hashes) WITH ORDINALITY AS k(tenant_id, channel, address_hash, place)
          JOIN suppressions s ON s.tenant_id = k.tenant_id AND s.channel = k.channel AND s.address_hash = k.address_hash
         WHERE s.expires_at IS NULL OR s.expires_at > now()
         ORDER BY k.place, s.scope
        """;

    private const string PurgeSql = """
        DELETE FROM suppressions WHERE ctid = ANY(ARRAY(SELECT ctid FROM suppressions WHERE expires_at < @now LIMIT 5000))
        """;

    /// <summary>Removes those that have ended; a bounded number at a time.</summary>
    public static async Task<int> PurgeAsync(NpgsqlDataSource database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(PurgeSql);
        command.Parameters.Add(new("now", now));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The scopes of those that are suppressed; the others are not in it.</summary>
    public static async Task<Dictionary<OwnedAddress, List<SuppressionScope>>> FindAsync(
        NpgsqlConnection connection,
        AddressSet addresses,
        CancellationToken cancellationToken
    )
    {
        if (addresses.All.Count == 0)
            return [];
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Find(addresses) } };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(reader, addresses, cancellationToken);
    }

    /// <summary>The same as a part of a batch; <see cref="ReadAsync"/> reads its answer.</summary>
    public static NpgsqlBatchCommand Find(AddressSet addresses)
    {
        var command = new NpgsqlBatchCommand(FindSql);
        command.Parameters.AddColumn("tenants", NpgsqlDbType.Text, addresses.All, address => address.Tenant);
        command.Parameters.AddColumn("channels", NpgsqlDbType.Text, addresses.All, address => address.Channel.ToName());
        command.Parameters.AddColumn("hashes", NpgsqlDbType.Bytea, addresses.Hashes, hash => hash);
        return command;
    }

    /// <summary>The scopes of those that are suppressed.</summary>
    public static async Task<Dictionary<OwnedAddress, List<SuppressionScope>>> ReadAsync(
        NpgsqlDataReader reader,
        AddressSet addresses,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<OwnedAddress, List<SuppressionScope>>();
        while (await reader.ReadAsync(cancellationToken))
        {
            // A scope of a newer version that this one does not know is taken as everything.
            if (!SuppressionScope.TryParse(reader.GetString(1), out var scope))
                scope = SuppressionScope.All;
            var address = addresses.All[(int)reader.GetInt64(0) - 1];
            if (!found.TryGetValue(address, out var scopes))
                found.Add(address, scopes = []);
            scopes.Add(scope);
        }
        return found;
    }
}
