using Notify.Core.Data;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.Routing;

/// <summary>Profiles from the cache, and from Postgres what it lacks.</summary>
public sealed class ProfileStore(ProfileCache cache, NpgsqlDataSource database)
{
    public async Task<Dictionary<string, Profile>> FindAsync(string tenant, IReadOnlyCollection<string> recipients, CancellationToken cancellationToken)
    {
        if (recipients.Count == 0)
            return [];
        var wanted = recipients as IReadOnlyList<string> ?? [.. recipients];
        var found = await cache.FindAsync(tenant, wanted);
        var missing = wanted.Where(recipient => !found.ContainsKey(recipient)).ToArray();
        if (missing.Length == 0)
            return found;
        var read = await ReadAsync(tenant, missing, cancellationToken);
        foreach (var profile in read)
            found[profile.RecipientId] = profile;
        await cache.AddAsync(tenant, read);
        return found;
    }

    private async Task<List<Profile>> ReadAsync(string tenant, string[] recipients, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT r.recipient_id, r.email, r.phone, d.device_id, d.platform, d.app, d.environment, d.token, d.registered_at
            FROM recipients r LEFT JOIN devices d ON d.tenant_id = r.tenant_id AND d.recipient_id = r.recipient_id AND d.state = @active
            WHERE r.tenant_id = @tenant AND r.recipient_id = ANY (@recipients)
            ORDER BY r.recipient_id
            """);
        command.Parameters.Add(new("tenant", tenant));
        command.Parameters.Add(new("recipients", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = recipients });
        command.Parameters.Add(new("active", Device.Active));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var profiles = new List<Profile>(recipients.Length);
        var devices = new List<ProfileDevice>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var recipient = rows.GetString(0);
            if (profiles.Count == 0 || profiles[^1].RecipientId != recipient)
            {
                devices = [];
                profiles.Add(new() { RecipientId = recipient, Email = Text(rows, 1), Phone = Text(rows, 2), Devices = devices });
            }
            if (!rows.IsDBNull(3))
                devices.Add(new(rows.GetString(3), rows.GetString(4), Text(rows, 5), rows.GetString(6), rows.GetString(7), rows.GetFieldValue<DateTimeOffset>(8)));
        }
        return profiles;
    }

    private static string? Text(NpgsqlDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
}
