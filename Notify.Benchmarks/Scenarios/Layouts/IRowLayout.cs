using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Npgsql;

namespace Notify.Benchmarks.Scenarios.Layouts;

/// <summary>A way to keep deliveries: what it costs Postgres to write, claim and settle them is compared.</summary>
internal interface IRowLayout
{
    string Name { get; }

    /// <summary>Empty tables.</summary>
    Task PrepareAsync(NpgsqlDataSource database, DateTimeOffset now, CancellationToken cancellationToken);

    Task InsertAsync(NpgsqlDataSource database, IReadOnlyList<NewRow> rows, CancellationToken cancellationToken);

    Task ClaimAsync(NpgsqlDataSource database, IReadOnlyList<DeliveryKey> keys, CancellationToken cancellationToken);

    Task SettleAsync(NpgsqlDataSource database, IReadOnlyList<SettledAttempt> settled, CancellationToken cancellationToken);

    /// <summary>How many are sent.</summary>
    Task<long> SentAsync(NpgsqlDataSource database, CancellationToken cancellationToken);
}
