using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Preferences;
using Notify.Core.Time;
using Npgsql;

namespace Notify.Core.Tenants;

/// <summary>A tenant as it is stored.</summary>
/// <param name="Tenant">Its id.</param>
/// <param name="IsEnabled">Whether anything of it may be sent.</param>
/// <param name="Consent">What it says for all its people.</param>
/// <param name="Version">Grows with each change of what it says and of its categories; zero where there never was one.</param>
public sealed record TenantRow(string Tenant, bool IsEnabled, TenantConsent Consent, long Version);

/// <summary>Reads tenants and their categories.</summary>
public static class TenantRows
{
    private const string TenantsSql =
        "SELECT tenant_id, enabled, time_zone, default_channels::text, strict_categories, consent_version FROM tenants";

    private const string CategoriesSql =
        "SELECT tenant_id, category_id, definition::text FROM categories WHERE tenant_id = ANY(@tenants) ORDER BY tenant_id, category_id";

    public static async Task<List<TenantRow>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(TenantsSql, connection);
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Null where there is no such tenant.</summary>
    public static async Task<TenantRow?> FindAsync(NpgsqlDataSource database, string tenant, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(TenantsSql + " WHERE tenant_id = @tenant");
        command.Parameters.Add(new("tenant", tenant));
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>The categories of these tenants, by tenant.</summary>
    public static async Task<ILookup<string, Category>> CategoriesAsync(
        NpgsqlConnection connection,
        string[] tenants,
        CancellationToken cancellationToken
    )
    {
        var found = new List<(string Tenant, Category Category)>();
        if (tenants.Length > 0)
        {
            await using var command = new NpgsqlCommand(CategoriesSql, connection);
            command.Parameters.Add(new("tenants", tenants));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                // One that a newer version wrote by rules of its own is as good as none: its messages are allowed with the defaults.
                if (CategoryOf(reader.GetString(1), reader.GetString(2)) is { } category)
                    found.Add((reader.GetString(0), category));
            }
        }
        return found.ToLookup(entry => entry.Tenant, entry => entry.Category);
    }

    /// <summary>The category that a row holds; null where this version cannot read it.</summary>
    public static Category? CategoryOf(string id, string definition)
    {
        try
        {
            var request = JsonSerializer.Deserialize(definition, PreferenceJson.Kept.CategoryRequest);
            return request is null ? null : CategoryReader.Read(id, request).Category;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<List<TenantRow>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var tenants = new List<TenantRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var zone = reader.IsDBNull(2) || !Zones.TryParse(reader.GetString(2), out var known, out _) ? null : known;
            var channels = ChannelsOf(reader.IsDBNull(3) ? null : reader.GetString(3));
            tenants.Add(new(reader.GetString(0), reader.GetBoolean(1), new(zone, channels, reader.GetBoolean(4)), reader.GetInt64(5)));
        }
        return tenants;
    }

    /// <summary>A channel that this version does not know is passed over.</summary>
    private static ChannelChoices ChannelsOf(string? json)
    {
        var choices = ChannelChoices.None;
        if (json is null)
            return choices;
        using var document = JsonDocument.Parse(json);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (ChannelNames.TryParse(member.Name, out var channel) && member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False)
                choices = choices.With(channel, member.Value.GetBoolean());
        }
        return choices;
    }
}
