using System.Text.Json;
using System.Text.Json.Serialization;
using Notify.Api.Auditing;
using Notify.Api.Keys;
using Notify.Core.Auditing;
using Notify.Core.DeadLetters;
using Notify.Core.Notifications;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Api.DeadLetters;

/// <summary>Makes, stops and resumes replays; each with its audit entry in one transaction. The Router carries them out.</summary>
internal sealed class ReplayStore(NpgsqlDataSource database, AuditWriter audit, TimeProvider time)
{
    private const string InsertSql = """
        INSERT INTO replays (tenant_id, replay_id, created_at, created_by, selection, rate_per_second, include_ambiguous, state, matched, replayed, skipped, next_at)
        VALUES (@tenant, @id, now(), @actor, @selection::jsonb, @rate, @ambiguous, 'running', 0, 0, 0, now())
        """;

    // Waits for the step that a router is in: once stopped is answered, nothing more is released.
    private const string ChangeSql = """
        UPDATE replays SET state = @state, next_at = now() WHERE tenant_id = @tenant AND replay_id = @id AND state = @was
        """;

    /// <summary>Which of these are not the tenant's letters.</summary>
    public async Task<List<Guid>> UnknownAsync(Owner owner, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT id FROM unnest(@ids) AS given(id) WHERE NOT EXISTS (SELECT FROM dead_letters l WHERE l.tenant_id = @tenant AND l.dead_letter_id = given.id)"
        );
        command.Parameters.Add(new("ids", ids.ToArray()));
        command.Parameters.Add(new("tenant", owner.Tenant));
        var unknown = new List<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            unknown.Add(reader.GetGuid(0));
        return unknown;
    }

    public async Task<Guid> AddAsync(Owner owner, ReplayRequest request, CancellationToken cancellationToken)
    {
        var id = UuidV7.New(time.GetUtcNow());
        var (rate, ambiguous) = (request.RatePerSecond ?? DeadLetterRules.DefaultRate, request.IncludeAmbiguous ?? false);
        var selection = request.Selection();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var command = new NpgsqlCommand(InsertSql, connection))
        {
            command.Parameters.Add(new("tenant", owner.Tenant));
            command.Parameters.Add(new("id", id));
            command.Parameters.Add(new("actor", owner.Actor));
            command.Parameters.Add(
                new("selection", NpgsqlDbType.Text) { Value = JsonSerializer.Serialize(selection, DeadLetterJson.Default.ReplaySelection) }
            );
            command.Parameters.Add(new("rate", rate));
            command.Parameters.Add(new("ambiguous", ambiguous));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        var details = JsonSerializer.Serialize(new ReplayOrder(selection, rate, ambiguous), ReplayOrderJson.Default.ReplayOrder);
        await audit.WriteAsync(connection, owner, new AuditNote(AuditActions.ReplayCreated, id.ToString(), details), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return id;
    }

    /// <summary>A replay in another state keeps it.</summary>
    public async Task ChangeAsync(Owner owner, Guid id, ReplayChange change, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(ChangeSql, connection);
        command.Parameters.Add(new("tenant", owner.Tenant));
        command.Parameters.Add(new("id", id));
        command.Parameters.Add(new("was", change.Was));
        command.Parameters.Add(new("state", change.Becomes));
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 1)
            await audit.WriteAsync(connection, owner, new AuditNote(change.Action, id.ToString()), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}

/// <summary>What may be done with a replay, as the audit log names it.</summary>
internal sealed record ReplayChange(string Was, string Becomes, string Action)
{
    public static ReplayChange Stop { get; } = new(ReplayStates.Running, ReplayStates.Stopped, AuditActions.ReplayStopped);

    public static ReplayChange Resume { get; } = new(ReplayStates.Stopped, ReplayStates.Running, AuditActions.ReplayResumed);
}

/// <summary>What was ordered, for the audit log.</summary>
internal sealed record ReplayOrder(ReplaySelection Selection, int RatePerSecond, bool IncludeAmbiguous);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReplayOrder))]
internal sealed partial class ReplayOrderJson : JsonSerializerContext;
