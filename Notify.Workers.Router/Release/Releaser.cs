using Confluent.Kafka;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Messaging;
using Notify.Core.Routing;
using Notify.Core.Tenants;
using Notify.Workers.Router.Shares;
using Npgsql;

namespace Notify.Workers.Router.Release;

/// <summary>
/// Releases rows that wait: take, decide, produce, write, in one transaction that holds them. <see cref="Intake.NotificationRouter"/> does
/// the same with what is new, but writes first: there the record that it read brings everything up again, and here nothing would. A crash
/// before the end only produces the rows again. A row whose record was not confirmed comes due again later, and so does a row that this
/// version cannot read; the others of the same round go their way.
/// </summary>
internal sealed partial class Releaser(
    NpgsqlDataSource database,
    TenantDirectory tenants,
    PreferenceCache preferences,
    OpenDays days,
    DeliveryProducer producer,
    RoutingMetrics metrics,
    TimeProvider time,
    ILogger<Releaser> logger
)
{
    private static readonly TimeSpan LapseInterval = TimeSpan.FromSeconds(1); // leases are 15 s at least
    private static readonly TimeSpan PartPause = TimeSpan.FromSeconds(30); // a partition without a leader
    private static readonly TimeSpan WholePause = TimeSpan.FromSeconds(2); // all of Kafka: as soon as it is back
    private static readonly TimeSpan AsidePause = TimeSpan.FromMinutes(5); // for another version to be started

    // Others wait for the rows meanwhile, such as a cancellation.
    private static readonly TimeSpan ProducePatience = TimeSpan.FromSeconds(5);

    private DateTimeOffset _lapsedAt;

    /// <summary>Whether a round took all that it may hold, so that more may be there.</summary>
    public static bool IsFull(IReadOnlyCollection<DueDelivery> taken) =>
        taken.Count >= RoundLimits.Rows || taken.Sum(row => (long)(row.Request?.Length ?? 0)) >= RoundLimits.Bytes;

    /// <summary>
    /// Releases what came due, at most so many of each lane; claims past their lease only where they are asked for. The rows that were
    /// taken.
    /// </summary>
    public async Task<List<DueDelivery>> ReleaseDueAsync(IReadOnlyList<DueLane> lanes, bool lapsedToo, CancellationToken cancellationToken)
    {
        if (lapsedToo && time.GetUtcNow() - _lapsedAt >= LapseInterval)
        {
            _lapsedAt = time.GetUtcNow();
            while (await LapseRows.ComeDueAsync(database, cancellationToken)) { }
        }
        return await ReleaseAsync(
            connection => DueRows.TakeDueAsync(connection, lanes, days.Since, lapsedToo, cancellationToken),
            cancellationToken
        );
    }

    /// <summary>Releases what waits for its tenant's turn, at most so many of each tenant.</summary>
    public Task<List<DueDelivery>> ReleaseTurnsAsync(
        IReadOnlyList<(LaneTenant Key, int Room)> turns,
        CancellationToken cancellationToken
    ) => ReleaseAsync(connection => DueRows.TakeTurnsAsync(connection, turns, days.Since, cancellationToken), cancellationToken);

    /// <returns>The rows that are released or set aside.</returns>
    /// <exception cref="ProduceFailedException">Kafka confirmed none of those that were to be sent.</exception>
    private async Task<List<DueDelivery>> ReleaseAsync(
        Func<NpgsqlConnection, Task<List<DueDelivery>>> take,
        CancellationToken cancellationToken
    )
    {
        await tenants.RefreshAsync(cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var taken = await take(connection);
        if (taken.Count == 0)
            return taken;
        // What holds now, and from no cache: whoever opts out after this waits for these rows and finds what became of them.
        var facts = await DueFacts.GatherAsync(connection, taken, preferences, cancellationToken);
        var now = time.GetUtcNow();
        taken.ForEach(row => row.Decide(now, facts, tenants.Peek(row.Tenant) ?? TenantEntry.Plain));
        await ProduceAsync(taken.FindAll(row => row.Sendable is not null));
        var released = taken.FindAll(row => !row.IsUnconfirmed);
        await ReleaseRows.MarkAsync(connection, released.ConvertAll(row => row.ToReleased()), AsidePause, cancellationToken);
        await ReleaseRows.PostponeAsync(
            connection,
            taken.Where(row => row.IsUnconfirmed).Select(row => row.Key),
            released.Count == 0 ? WholePause : PartPause,
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        if (released.Count == 0)
            throw new ProduceFailedException(ErrorCode.Local_MsgTimedOut);
        Count(released);
        return released;
    }

    /// <summary>What became of each is noted in it.</summary>
    private async Task ProduceAsync(List<DueDelivery> rows)
    {
        var results = await producer.ProduceAsync(rows.ConvertAll(row => row.Sendable!), ProducePatience);
        for (var i = 0; i < results.Length; i++)
            rows[i].Produced = results[i];
    }

    private void Count(List<DueDelivery> released)
    {
        foreach (var row in released.Where(row => !row.IsUnreadable))
            metrics.Released(row.MayHaveBeenSent ? DeliveryReasons.LeaseExpired : row.Reason);
        // Once for each row, however often it is tried.
        var unreadable = released.Where(row => row.IsUnreadable && row.Reason != DeliveryReasons.Unreadable);
        foreach (var lane in unreadable.GroupBy(row => (row.Channel, row.Lane)))
        {
            metrics.SetAside(lane.Key.Channel, lane.Count());
            Log.SetAside(logger, lane.Count(), lane.Key.Channel, lane.Key.Lane, lane.First().Id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "{Count} deliveries of {Channel} {Lane} cannot be read by this version, such as {DeliveryId}; they wait as unreadable and "
                + "are tried again until they expire."
        )]
        public static partial void SetAside(ILogger logger, int count, string channel, string lane, Guid deliveryId);
    }
}
