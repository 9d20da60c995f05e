using Notify.Api.Auditing;
using Notify.Api.Keys;
using Notify.Core.Auditing;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Suppressions;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Api.Suppressions;

/// <summary>A suppression that has been held to its rules.</summary>
internal sealed record NewSuppression(
    ChannelDefinition Channel,
    string Address,
    string Given,
    SuppressionScope Scope,
    string Cause,
    Guid? DeliveryId,
    DateTimeOffset? ExpiresAt
);

/// <summary>
/// Writes suppressions. What is open for the address goes back to be decided with it, and once more right after the commit, for what the
/// Router wrote meanwhile. See docs/decisions/0010-an-opt-out-holds-for-every-claim.md.
/// </summary>
internal sealed class SuppressionStore(NpgsqlDataSource database, AuditWriter audit, TimeProvider time)
{
    private const string AddSql = """
        INSERT INTO suppressions (tenant_id, channel, address_hash, scope, suppression_id, cause, delivery_id, actor, created_at, expires_at)
        VALUES (@tenant, @channel, @hash, @scope, @id, @cause, @delivery, @actor, @now, @expires)
        ON CONFLICT (tenant_id, channel, address_hash, scope) DO UPDATE
           SET cause = excluded.cause, delivery_id = excluded.delivery_id, actor = excluded.actor, expires_at = excluded.expires_at
        RETURNING suppression_id, created_at, (xmax = 0)
        """;

    private const string RemoveSql = """
        DELETE FROM suppressions WHERE tenant_id = @tenant AND suppression_id = @id RETURNING channel, scope
        """;

    /// <summary>The suppression as it is now, and whether it is new.</summary>
    public async Task<(Suppression Row, bool Made)> AddAsync(Caller caller, NewSuppression added, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (row, made) = await WriteAsync(connection, caller, added, cancellationToken);
        var note = new AuditNote(
            AuditActions.SuppressionAdded,
            row.SuppressionId.ToString(),
            $$"""{"channel":"{{row.Channel}}","scope":"{{row.Scope}}"}"""
        );
        await audit.WriteAsync(connection, new(caller.Tenant, caller.KeyId), note, cancellationToken);
        await ReconsiderAsync(connection, caller.Tenant, added, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await ReconsiderAsync(connection, caller.Tenant, added, cancellationToken);
        return (row, made);
    }

    /// <summary>False where there is no such suppression.</summary>
    public async Task<bool> RemoveAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var command = new NpgsqlCommand(RemoveSql, connection))
        {
            command.Parameters.Add(new("tenant", caller.Tenant));
            command.Parameters.Add(new("id", id));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken))
                return false;
        }
        await audit.WriteAsync(
            connection,
            new(caller.Tenant, caller.KeyId),
            new(AuditActions.SuppressionRemoved, id.ToString()),
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<(Suppression Row, bool Made)> WriteAsync(
        NpgsqlConnection connection,
        Caller caller,
        NewSuppression added,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var hash = AddressHash.Of(caller.Tenant, added.Channel.Channel, added.Address);
        await using var command = new NpgsqlCommand(AddSql, connection);
        command.Parameters.Add(new("tenant", caller.Tenant));
        command.Parameters.Add(new("channel", added.Channel.Name));
        command.Parameters.Add(new("hash", hash));
        command.Parameters.Add(new("scope", added.Scope.ToString()));
        command.Parameters.Add(new("id", Guid.CreateVersion7(now)));
        command.Parameters.Add(new("cause", added.Cause));
        command.Parameters.Add(new("delivery", NpgsqlDbType.Uuid) { Value = (object?)added.DeliveryId ?? DBNull.Value });
        command.Parameters.Add(new("actor", caller.KeyId));
        command.Parameters.Add(new("now", now));
        command.Parameters.Add(
            new("expires", NpgsqlDbType.TimestampTz) { Value = (object?)added.ExpiresAt?.ToUniversalTime() ?? DBNull.Value }
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var row = new Suppression
        {
            TenantId = caller.Tenant,
            Channel = added.Channel.Name,
            AddressHash = hash,
            Scope = added.Scope.ToString(),
            SuppressionId = reader.GetGuid(0),
            Cause = added.Cause,
            DeliveryId = added.DeliveryId,
            Actor = caller.KeyId,
            CreatedAt = reader.GetFieldValue<DateTimeOffset>(1),
            ExpiresAt = added.ExpiresAt?.ToUniversalTime(),
        };
        return (row, reader.GetBoolean(2));
    }

    private static async Task ReconsiderAsync(
        NpgsqlConnection connection,
        string tenant,
        NewSuppression added,
        CancellationToken cancellationToken
    )
    {
        var owners = new List<string>();
        await using (var command = new NpgsqlCommand(added.Channel.OwnersSql, connection))
        {
            command.Parameters.Add(new("tenant", tenant));
            command.Parameters.Add(new("address", added.Address));
            command.Parameters.Add(new("given", added.Given));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                owners.Add(reader.GetString(0));
        }
        foreach (var owner in owners)
            await ReconsiderRows.OfRecipientAsync(connection, tenant, owner, cancellationToken);
        await ReconsiderRows.OfAddressesAsync(connection, tenant, [(added.Channel.Channel, added.Address)], cancellationToken);
    }
}
