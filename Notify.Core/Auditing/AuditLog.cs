using Notify.Core.Data;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.Auditing;

/// <summary>Writes the audit log, in the transaction of what it tells of: no deed without its entry, no entry without its deed.</summary>
public static class AuditLog
{
    // The ids are made here, not by the database, and grow with the entries of one call.
    private const string InsertSql = """
        INSERT INTO audit_log (tenant_id, audit_id, at, actor, action, subject, details)
        SELECT @tenant, id, now(), @actor, action, subject, details::jsonb
          FROM unnest(@ids, @actions, @subjects, @details) AS e(id, action, subject, details)
        """;

    public static async Task WriteAsync(
        NpgsqlConnection connection,
        string tenant,
        string actor,
        IReadOnlyList<AuditNote> notes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (notes.Count == 0)
            return;
        await using var command = new NpgsqlCommand(InsertSql, connection);
        command.Parameters.Add(new("tenant", tenant));
        command.Parameters.Add(new("actor", actor));
        command.Parameters.Add(new("ids", notes.Select(_ => Guid.CreateVersion7(now)).Order().ToArray()));
        command.Parameters.AddColumn("actions", NpgsqlDbType.Text, notes, note => note.Action);
        command.Parameters.AddColumn("subjects", NpgsqlDbType.Text, notes, note => note.Subject);
        command.Parameters.AddColumn("details", NpgsqlDbType.Text, notes, note => note.Details);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>One entry to be written.</summary>
/// <param name="Action">One of <see cref="AuditActions"/>.</param>
/// <param name="Subject">The id of what it was done to.</param>
/// <param name="Details">A JSON object, without addresses or contents.</param>
public sealed record AuditNote(string Action, string Subject, string? Details = null);
