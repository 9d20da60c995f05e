using Notify.Core.Data;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Api.Recipients;

/// <summary>Writes many recipients by one statement.</summary>
internal static class BulkRows
{
    private const string Sql = """
        INSERT INTO recipients (tenant_id, recipient_id, email, phone, locale, time_zone, attributes, created_at, updated_at)
        SELECT @tenant, id, email, phone, locale, zone, attributes::jsonb, @now, @now
          FROM unnest(@ids, @emails, @phones, @locales, @zones, @attributes) AS k(id, email, phone, locale, zone, attributes)
         ORDER BY id
        ON CONFLICT (tenant_id, recipient_id) DO UPDATE
           SET email = excluded.email, phone = excluded.phone, locale = excluded.locale, time_zone = excluded.time_zone,
               attributes = excluded.attributes, updated_at = excluded.updated_at
        RETURNING recipient_id, (xmax = 0)
        """;

    /// <summary>Whether each is new, by its id.</summary>
    /// <param name="database">Where they are kept.</param>
    /// <param name="tenant">Whose they are.</param>
    /// <param name="recipients">Held to their rules, each id once.</param>
    /// <param name="now">The time of the change.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<Dictionary<string, bool>> WriteAsync(
        NpgsqlDataSource database,
        string tenant,
        IReadOnlyList<BulkRecipient> recipients,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new("tenant", tenant));
        command.Parameters.Add(new("now", now));
        command.Parameters.AddColumn("ids", NpgsqlDbType.Text, recipients, recipient => recipient.Id);
        command.Parameters.AddColumn("emails", NpgsqlDbType.Text, recipients, recipient => recipient.Email);
        command.Parameters.AddColumn("phones", NpgsqlDbType.Text, recipients, recipient => recipient.Phone);
        command.Parameters.AddColumn("locales", NpgsqlDbType.Text, recipients, recipient => recipient.Locale);
        command.Parameters.AddColumn("zones", NpgsqlDbType.Text, recipients, recipient => RecipientValidator.ZoneOf(recipient.TimeZone));
        command.Parameters.AddColumn("attributes", NpgsqlDbType.Text, recipients, recipient => recipient.Attributes?.GetRawText());
        var made = new Dictionary<string, bool>(recipients.Count, StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            made[reader.GetString(0)] = reader.GetBoolean(1);
        return made;
    }
}
