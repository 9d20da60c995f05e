using Npgsql;

namespace Notify.Core.Deliveries.Rows;

/// <summary>The claims that workers hold: renewed while their calls run, removed once all of their outcomes are written.</summary>
public static class HeldClaims
{
    /// <summary>Lets claims hold on. One that has lapsed meanwhile stays lapsed: its deliveries are somebody else's.</summary>
    public static Task RenewAsync(
        NpgsqlDataSource database,
        IReadOnlyCollection<Guid> claims,
        TimeSpan lease,
        CancellationToken cancellationToken
    ) =>
        ExecuteAsync(
            database,
            "UPDATE claims SET lapses_at = now() + @lease WHERE claim_id = ANY(@claims)",
            command => command.Parameters.Add(new("lease", lease)),
            claims,
            cancellationToken
        );

    /// <summary>Forgets claims that have done their work. (One that nobody removes lapses, and has nothing to give back.)</summary>
    public static Task RemoveAsync(NpgsqlDataSource database, IReadOnlyCollection<Guid> claims, CancellationToken cancellationToken) =>
        ExecuteAsync(database, "DELETE FROM claims WHERE claim_id = ANY(@claims)", _ => { }, claims, cancellationToken);

    private static async Task ExecuteAsync(
        NpgsqlDataSource database,
        string sql,
        Action<NpgsqlCommand> parameters,
        IReadOnlyCollection<Guid> claims,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(sql);
        parameters(command);
        command.Parameters.Add(new("claims", claims.ToArray()));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
