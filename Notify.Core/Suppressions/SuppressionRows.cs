using Notify.Core.Channels;
using Notify.Core.Data;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.Suppressions;

/// <summary>An address of a tenant.</summary>
public readonly record struct OwnedAddress(string Tenant, Channel Channel, string Address);

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

    /// <summary>The scopes of those that are suppressed; the others are not in it.</summary>
    public static async Task<Dictionary<OwnedAddress, List<SuppressionScope>>> FindAsync(
        NpgsqlConnection connection,
        IReadOnlyList<OwnedAddress> addresses,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<OwnedAddress, List<SuppressionScope>>();
        if (addresses.Count == 0)
            return found;
        await using var command = new NpgsqlCommand(FindSql, connection);
        command.Parameters.AddColumn("tenants", NpgsqlDbType.Text, addresses, address => address.Tenant);
        command.Parameters.AddColumn("channels", NpgsqlDbType.Text, addresses, address => address.Channel.ToName());
        command.Parameters.AddColumn("hashes", NpgsqlDbType.Bytea, addresses, HashOf);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            // A scope of a newer version that this one does not know is taken as everything.
            if (!SuppressionScope.TryParse(reader.GetString(1), out var scope))
                scope = SuppressionScope.All;
            var address = addresses[(int)reader.GetInt64(0) - 1];
            if (!found.TryGetValue(address, out var scopes))
                found.Add(address, scopes = []);
            scopes.Add(scope);
        }
        return found;
    }

    private static byte[] HashOf(OwnedAddress address) => AddressHash.Of(address.Tenant, address.Channel, address.Address);
}
