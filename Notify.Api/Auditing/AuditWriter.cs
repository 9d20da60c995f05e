using Notify.Api.Keys;
using Notify.Core.Auditing;
using Npgsql;

namespace Notify.Api.Auditing;

/// <summary>Writes down what a key asked for.</summary>
internal sealed class AuditWriter(NpgsqlDataSource database, TimeProvider time)
{
    public async Task WriteAsync(Owner owner, AuditNote note, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await WriteAsync(connection, owner, note, cancellationToken);
    }

    /// <summary>In the connection's transaction.</summary>
    public Task WriteAsync(NpgsqlConnection connection, Owner owner, AuditNote note, CancellationToken cancellationToken) =>
        AuditLog.WriteAsync(connection, owner.Tenant, owner.Actor, [note], time.GetUtcNow(), cancellationToken);
}
