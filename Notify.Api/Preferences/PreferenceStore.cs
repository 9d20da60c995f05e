using Notify.Core.Deliveries.Rows;
using Notify.Core.Preferences;
using Notify.Core.Routing;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Api.Preferences;

/// <summary>What became of a change of somebody's preferences.</summary>
internal enum PreferenceOutcome
{
    /// <summary>It holds, for every claim from now on.</summary>
    Written,

    /// <summary>There is no such recipient.</summary>
    NoRecipient,

    /// <summary>Somebody else changed them first.</summary>
    Stale,

    /// <summary>They break a rule.</summary>
    Refused,
}

/// <summary>A change of somebody's preferences.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Version">The version that holds now.</param>
/// <param name="Json">The preferences that hold now, as they are kept.</param>
/// <param name="Errors">What is wrong, where they were refused.</param>
internal sealed record PreferenceChange(
    PreferenceOutcome Outcome,
    long Version = 0,
    string? Json = null,
    IReadOnlyList<Notify.Core.Notifications.FieldError>? Errors = null
);

/// <summary>What is kept of a person: the preferences before a change, and the zones that quiet hours may fall back on.</summary>
internal sealed record KeptPerson(string? Json, long Version, bool HasZone);

/// <summary>
/// Reads and changes preferences. A change, its entry in the log, and the sending back of what is open are one transaction; what the Router
/// wrote while that was under way is sent back right after it. See docs/decisions/0010-an-opt-out-holds-for-every-claim.md.
/// </summary>
internal sealed class PreferenceStore(NpgsqlDataSource database, ProfileCache profiles, TimeProvider time)
{
    private const string FindSql = """
        SELECT r.preferences, r.consent_version, coalesce(r.time_zone, t.time_zone) IS NOT NULL
          FROM recipients r JOIN tenants t ON t.tenant_id = r.tenant_id
         WHERE r.tenant_id = @tenant AND r.recipient_id = @recipient
        """;

    private const string WriteSql = """
        WITH written AS (
            UPDATE recipients SET preferences = @after, consent_version = nextval('consent_versions'), updated_at = @now
             WHERE tenant_id = @tenant AND recipient_id = @recipient
            RETURNING consent_version),
        noted AS (
            INSERT INTO consent_log (tenant_id, entry_id, recipient_id, at, via, actor, before, after)
            VALUES (@tenant, @entry, @recipient, @now, 'key', @actor, @before, @after))
        SELECT consent_version FROM written
        """;

    private const string CategoriesSql = "SELECT category_id FROM categories WHERE tenant_id = @tenant";

    /// <summary>Null where there is no such recipient.</summary>
    public async Task<KeptPerson?> FindAsync(string tenant, string recipient, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await FindAsync(connection, FindSql, tenant, recipient, cancellationToken);
    }

    /// <summary>The ids of the tenant's categories.</summary>
    public async Task<HashSet<string>> CategoriesAsync(string tenant, CancellationToken cancellationToken)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        await using var command = database.CreateCommand(CategoriesSql);
        command.Parameters.Add(new("tenant", tenant));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            ids.Add(reader.GetString(0));
        return ids;
    }

    /// <summary>Changes them, unless somebody did so since they were read.</summary>
    /// <param name="tenant">Whose recipient it is.</param>
    /// <param name="recipient">Its id.</param>
    /// <param name="actor">The id of the key that asks.</param>
    /// <param name="isExpected">Whether the version that holds is one that may be changed.</param>
    /// <param name="change">Makes the new ones of what is kept, or says what is wrong.</param>
    /// <param name="cancellationToken">Stops waiting; what is committed stays.</param>
    public async Task<PreferenceChange> ChangeAsync(
        string tenant,
        string recipient,
        string actor,
        Func<long, bool> isExpected,
        Func<KeptPerson, (PersonPreferences? Preferences, IReadOnlyList<Notify.Core.Notifications.FieldError> Errors)> change,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await FindAsync(connection, FindSql + " FOR UPDATE OF r", tenant, recipient, cancellationToken) is not { } kept)
            return new(PreferenceOutcome.NoRecipient);
        if (!isExpected(kept.Version))
            return new(PreferenceOutcome.Stale, kept.Version);
        var (preferences, errors) = change(kept);
        if (preferences is null)
            return new(PreferenceOutcome.Refused, kept.Version, Errors: errors);
        var json = System.Text.Encoding.UTF8.GetString(preferences.ToJson());
        if (json == (kept.Json ?? "{}"))
            return new(PreferenceOutcome.Written, kept.Version, json);
        var version = await WriteAsync(connection, tenant, recipient, actor, kept.Json, json, cancellationToken);
        await ReconsiderRows.OfRecipientAsync(connection, tenant, recipient, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await ReconsiderRows.OfRecipientAsync(connection, tenant, recipient, cancellationToken);
        await profiles.InvalidateAsync(tenant, recipient);
        return new(PreferenceOutcome.Written, version, json);
    }

    private static async Task<KeptPerson?> FindAsync(
        NpgsqlConnection connection,
        string sql,
        string tenant,
        string recipient,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new("tenant", tenant));
        command.Parameters.Add(new("recipient", recipient));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.IsDBNull(0) ? null : reader.GetString(0), reader.GetInt64(1), reader.GetBoolean(2))
            : null;
    }

    private async Task<long> WriteAsync(
        NpgsqlConnection connection,
        string tenant,
        string recipient,
        string actor,
        string? before,
        string after,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        await using var command = new NpgsqlCommand(WriteSql, connection);
        command.Parameters.Add(new("tenant", tenant));
        command.Parameters.Add(new("recipient", recipient));
        command.Parameters.Add(new("entry", Guid.CreateVersion7(now)));
        command.Parameters.Add(new("actor", actor));
        command.Parameters.Add(new("now", now));
        command.Parameters.Add(new("before", NpgsqlDbType.Text) { Value = (object?)before ?? DBNull.Value });
        command.Parameters.Add(new("after", after));
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
