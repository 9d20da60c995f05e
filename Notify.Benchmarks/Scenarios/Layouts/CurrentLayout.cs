using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Npgsql;

namespace Notify.Benchmarks.Scenarios.Layouts;

/// <summary>The product's, by its own statements, with what it keeps beside the rows: batches and claims, written and removed.</summary>
/// <param name="days">How many days there are, of which one is written.</param>
internal sealed class CurrentLayout(int days) : IRowLayout
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);
    private readonly List<Guid> _claims = [];

    public string Name => days == 1 ? "now" : $"now, {days} days";

    public async Task PrepareAsync(NpgsqlDataSource database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await new DayPartitions(database).EnsureAsync(Enumerable.Range(0, days).Select(day => now.AddDays(-day)), cancellationToken);
        await using var command = database.CreateCommand("TRUNCATE deliveries, notifications, queued_batches, claims");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task InsertAsync(NpgsqlDataSource database, IReadOnlyList<NewRow> rows, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await InsertRows.InsertAsync(connection, rows, cancellationToken);
    }

    public async Task ClaimAsync(NpgsqlDataSource database, IReadOnlyList<DeliveryKey> keys, CancellationToken cancellationToken)
    {
        var claim = Guid.NewGuid();
        await ClaimRows.ClaimAsync(database, keys, Lease, claim, cancellationToken);
        _claims.Add(claim);
    }

    public async Task SettleAsync(NpgsqlDataSource database, IReadOnlyList<SettledAttempt> settled, CancellationToken cancellationToken)
    {
        await SettleRows.SettleAsync(database, settled, cancellationToken);
        if (_claims.Count < 20)
            return;
        await HeldClaims.RemoveAsync(database, _claims, cancellationToken);
        _claims.Clear();
    }

    public async Task<long> SentAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT count(*) FROM deliveries WHERE state = 'sent'");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
