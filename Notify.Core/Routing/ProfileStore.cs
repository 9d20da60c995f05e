using Notify.Core.Data;
using Notify.Core.Recipients;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.Routing;

/// <summary>Profiles from the cache, and from Postgres what it lacks.</summary>
public sealed class ProfileStore(ProfileCache cache, NpgsqlDataSource database)
{
    private const string ReadSql = """
        SELECT r.tenant_id, r.recipient_id, r.email, r.phone, r.time_zone, r.consent_version, r.preferences,
               d.device_id, d.platform, d.app, d.environment, d.token, d.registered_at, d.time_zone
          FROM unnest(@tenants, @recipients) AS k(tenant_id, recipient_id)
          JOIN recipients r ON r.tenant_id = k.tenant_id AND r.recipient_id = k.recipient_id
          LEFT JOIN devices d ON d.tenant_id = r.tenant_id AND d.recipient_id = r.recipient_id AND d.state = @active
         ORDER BY r.tenant_id, r.recipient_id
        """;

    /// <summary>The registered ones among them. Recipients of very many tenants cost no more round trips than those of one.</summary>
    /// <param name="recipients">Each once.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<Dictionary<(string Tenant, string Recipient), Profile>> FindAsync(
        IReadOnlyList<(string Tenant, string Recipient)> recipients,
        CancellationToken cancellationToken
    )
    {
        if (recipients.Count == 0)
            return [];
        var found = await cache.FindAsync(recipients);
        var missing = recipients.Where(recipient => !found.ContainsKey(recipient)).ToList();
        if (missing.Count == 0)
            return found;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var read = await ReadAsync(connection, missing, cancellationToken);
        foreach (var (tenant, profile) in read)
            found[(tenant, profile.RecipientId)] = profile;
        await cache.AddAsync(read);
        return found;
    }

    /// <summary>The registered ones among them as they are now: no cache is asked.</summary>
    /// <param name="connection">In a transaction where what it holds must not change meanwhile.</param>
    /// <param name="recipients">Each once.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<List<(string Tenant, Profile Profile)>> ReadAsync(
        NpgsqlConnection connection,
        IReadOnlyList<(string Tenant, string Recipient)> recipients,
        CancellationToken cancellationToken
    )
    {
        if (recipients.Count == 0)
            return [];
        await using var command = new NpgsqlCommand(ReadSql, connection);
        command.Parameters.AddColumn("tenants", NpgsqlDbType.Text, recipients, recipient => recipient.Tenant);
        command.Parameters.AddColumn("recipients", NpgsqlDbType.Text, recipients, recipient => recipient.Recipient);
        command.Parameters.Add(new("active", Device.Active));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var profiles = new List<(string Tenant, Profile Profile)>(recipients.Count);
        var devices = new List<ProfileDevice>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var (tenant, recipient) = (rows.GetString(0), rows.GetString(1));
            if (profiles.Count == 0 || profiles[^1].Tenant != tenant || profiles[^1].Profile.RecipientId != recipient)
            {
                devices = [];
                profiles.Add(
                    (
                        tenant,
                        new()
                        {
                            RecipientId = recipient,
                            Email = Text(rows, 2),
                            Phone = Text(rows, 3),
                            TimeZone = Text(rows, 4),
                            ConsentVersion = rows.GetInt64(5),
                            Preferences = Text(rows, 6),
                            Devices = devices,
                        }
                    )
                );
            }
            if (!rows.IsDBNull(7))
            {
                devices.Add(
                    new(
                        rows.GetString(7),
                        rows.GetString(8),
                        Text(rows, 9),
                        rows.GetString(10),
                        rows.GetString(11),
                        rows.GetFieldValue<DateTimeOffset>(12),
                        Text(rows, 13)
                    )
                );
            }
        }
        return profiles;
    }

    private static string? Text(NpgsqlDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
}
