using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Npgsql;

namespace Notify.Sending;

/// <summary>The rows as the send path uses them: one round trip a batch.</summary>
public sealed class DeliveryStore(NpgsqlDataSource database)
{
    /// <param name="keys">What to claim.</param>
    /// <param name="lease">How long the claims hold.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <param name="claimId">Asked again with the same id, it finds what the first time claimed; a new one by default.</param>
    public Task<Dictionary<Guid, Claim>> ClaimAsync(
        IReadOnlyList<DeliveryKey> keys,
        TimeSpan lease,
        CancellationToken cancellationToken,
        Guid? claimId = null
    ) => ClaimRows.ClaimAsync(database, keys, lease, claimId ?? Guid.NewGuid(), cancellationToken);

    /// <summary>Puts deliveries that nobody has claimed aside until a time; one that somebody has is left alone.</summary>
    public Task ParkAsync(IReadOnlyList<ParkedRow> parked, CancellationToken cancellationToken) =>
        ParkRows.ParkAsync(database, parked, cancellationToken);

    /// <summary>Lets claims that are still held hold on.</summary>
    public Task RenewAsync(IReadOnlyCollection<Guid> claims, TimeSpan lease, CancellationToken cancellationToken) =>
        HeldClaims.RenewAsync(database, claims, lease, cancellationToken);

    /// <summary>Forgets claims of which every outcome is written.</summary>
    public Task RemoveAsync(IReadOnlyCollection<Guid> claims, CancellationToken cancellationToken) =>
        HeldClaims.RemoveAsync(database, claims, cancellationToken);

    /// <summary>
    /// Writes the outcomes whose claims still hold. How many those were: the others' deliveries had come due again meanwhile and are
    /// somebody else's.
    /// </summary>
    public Task<int> SettleAsync(IReadOnlyList<SettledAttempt> settled, CancellationToken cancellationToken) =>
        SettleRows.SettleAsync(database, settled, cancellationToken);
}
