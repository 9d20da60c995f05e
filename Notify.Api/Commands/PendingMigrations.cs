using System.Reflection;
using Microsoft.EntityFrameworkCore.Migrations;
using Notify.Core.Data;
using Npgsql;

namespace Notify.Api.Commands;

/// <summary>Which of the migrations in this build the database lacks, found without EF Core's model, which takes a second to
/// make.</summary>
internal static class PendingMigrations
{
    public static async Task<int> CountAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var known = typeof(NotifyDbContext)
            .Assembly.GetTypes()
            .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id)
            .OfType<string>()
            .ToHashSet();
        known.ExceptWith(await AppliedAsync(database, cancellationToken));
        return known.Count;
    }

    private static async Task<List<string>> AppliedAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var applied = new List<string>();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // Asked for by name, a history that is not there yet would be an error in the server's log.
        await using var exists = new NpgsqlCommand("""SELECT to_regclass('"__EFMigrationsHistory"') IS NOT NULL""", connection);
        if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
            return applied;
        await using var history = new NpgsqlCommand("""SELECT "MigrationId" FROM "__EFMigrationsHistory" """, connection);
        await using var rows = await history.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            applied.Add(rows.GetString(0));
        return applied;
    }
}
