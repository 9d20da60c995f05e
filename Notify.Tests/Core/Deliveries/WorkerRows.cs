using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Npgsql;

namespace Notify.Tests.Core.Deliveries;

/// <summary>What workers do with rows, on a database of a test's.</summary>
internal sealed class WorkerRows(NpgsqlDataSource database)
{
    public Task<Dictionary<Guid, Claim>> ClaimAsync(
        IReadOnlyList<DeliveryKey> keys,
        TimeSpan lease,
        CancellationToken cancellationToken,
        Guid? claimId = null
    ) => ClaimRows.ClaimAsync(database, keys, lease, claimId ?? Guid.NewGuid(), cancellationToken);

    public Task ParkAsync(IReadOnlyList<ParkedRow> parked, CancellationToken cancellationToken) =>
        ParkRows.ParkAsync(database, parked, cancellationToken);

    public Task RenewAsync(IReadOnlyCollection<Guid> claims, TimeSpan lease, CancellationToken cancellationToken) =>
        HeldClaims.RenewAsync(database, claims, lease, cancellationToken);

    public Task<int> SettleAsync(IReadOnlyList<SettledAttempt> settled, CancellationToken cancellationToken) =>
        SettleRows.SettleAsync(database, settled, cancellationToken);
}
