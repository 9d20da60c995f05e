using Confluent.Kafka;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Messaging;
using Notify.Workers.Router.Shares;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Workers.Router.Pump;

/// <summary>
/// Releases rows: produced first, marked as queued after, in one transaction that holds them, so that a crash in between only produces them
/// again. A row whose record was not confirmed comes due again later, and so does a row that this version cannot read; the others of the
/// same round go their way.
/// </summary>
internal sealed partial class DueStore(
    NpgsqlDataSource database,
    DeliveryProducer producer,
    RoutingMetrics metrics,
    TimeProvider time,
    ILogger<DueStore> logger
)
{
    private static readonly TimeSpan LapseInterval = TimeSpan.FromSeconds(1); // leases are 15 s at least
    private static readonly TimeSpan PartPause = TimeSpan.FromSeconds(30); // a partition without a leader
    private static readonly TimeSpan WholePause = TimeSpan.FromSeconds(2); // all of Kafka: as soon as it is back
    private static readonly TimeSpan AsidePause = TimeSpan.FromMinutes(5); // for another version to be started

    private DateTimeOffset _lapsedAt;

    /// <summary>Whether a round took all that it may hold, so that more may be there.</summary>
    public static bool IsFull(IReadOnlyCollection<DueDelivery> taken) =>
        taken.Count >= RoundLimits.Rows || taken.Sum(row => (long)(row.Request?.Length ?? 0)) >= RoundLimits.Bytes;

    /// <summary>
    /// Releases what came due, at most so many of each lane; claims past their lease only where they are asked for. The rows that were
    /// taken.
    /// </summary>
    public async Task<List<DueDelivery>> ReleaseDueAsync(
        IReadOnlyList<(string Channel, string Lane, int Limit, bool Paused)> lanes,
        bool lapsedToo,
        CancellationToken cancellationToken
    )
    {
        if (lapsedToo && time.GetUtcNow() - _lapsedAt >= LapseInterval)
        {
            _lapsedAt = time.GetUtcNow();
            while (await LapseRows.ComeDueAsync(database, cancellationToken)) { }
        }
        return await ReleaseAsync(
            DueSql.Due,
            command =>
            {
                command.Parameters.Add(new("channels", lanes.Select(lane => lane.Channel).ToArray()));
                command.Parameters.Add(new("lanes", lanes.Select(lane => lane.Lane).ToArray()));
                command.Parameters.Add(new("limits", lanes.Select(lane => lane.Limit).ToArray()));
                command.Parameters.Add(new("paused", lanes.Select(lane => lane.Paused).ToArray()));
                command.Parameters.Add(new("lapsed", lapsedToo));
            },
            cancellationToken
        );
    }

    /// <summary>Releases what waits for its tenant's turn, at most so many of each tenant.</summary>
    public Task<List<DueDelivery>> ReleaseTurnsAsync(
        IReadOnlyList<(LaneTenant Key, int Room)> turns,
        CancellationToken cancellationToken
    ) =>
        ReleaseAsync(
            DueSql.Turns,
            command =>
            {
                command.Parameters.Add(new("channels", turns.Select(turn => turn.Key.Channel).ToArray()));
                command.Parameters.Add(new("lanes", turns.Select(turn => turn.Key.Lane).ToArray()));
                command.Parameters.Add(new("tenants", turns.Select(turn => turn.Key.Tenant).ToArray()));
                command.Parameters.Add(new("limits", turns.Select(turn => turn.Room).ToArray()));
            },
            cancellationToken
        );

    /// <returns>The rows that are released or set aside.</returns>
    /// <exception cref="ProduceFailedException">Kafka confirmed none of those that were to be sent.</exception>
    private async Task<List<DueDelivery>> ReleaseAsync(string sql, Action<NpgsqlCommand> parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var due = await TakeAsync(connection, sql, parameters, cancellationToken);
        if (due.Count == 0)
            return due;
        var unconfirmed = await ProduceAsync(due.FindAll(row => row.Verdict == DeliveryState.Queued));
        var released = unconfirmed.Count == 0 ? due : due.FindAll(row => !unconfirmed.Contains(row));
        await ReleaseRows.MarkAsync(connection, released.ConvertAll(row => row.ToReleased()), AsidePause, cancellationToken);
        await ReleaseRows.PostponeAsync(
            connection,
            unconfirmed.Select(row => row.Key),
            released.Count == 0 ? WholePause : PartPause,
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        if (released.Count == 0)
            throw new ProduceFailedException(ErrorCode.Local_MsgTimedOut);
        foreach (var row in released.Where(row => !row.IsUnreadable))
            metrics.Released(row.Was == DeliveryStates.ToName(DeliveryState.Sending) ? DeliveryReasons.LeaseExpired : row.Reason);
        // Once for each row, however often it is tried.
        Tell(released.FindAll(row => row.IsUnreadable && row.Reason != DeliveryReasons.Unreadable));
        return released;
    }

    /// <summary>
    /// Those whose record Kafka did not confirm. What it will never take, and what no record could be made of, is noted in the row.
    /// </summary>
    private async Task<HashSet<DueDelivery>> ProduceAsync(List<DueDelivery> sendable)
    {
        await producer.ProduceAsync(sendable);
        return new(
            sendable.Where(row => row is { IsUnreadable: false, Produced: ProduceResult.Unconfirmed }),
            ReferenceEqualityComparer.Instance
        );
    }

    private void Tell(List<DueDelivery> unreadable)
    {
        foreach (var lane in unreadable.GroupBy(row => (row.Channel, row.Lane)))
        {
            metrics.SetAside(lane.Key.Channel, lane.Count());
            Log.SetAside(logger, lane.Count(), lane.Key.Channel, lane.Key.Lane, lane.First().Id);
        }
    }

    private async Task<List<DueDelivery>> TakeAsync(
        NpgsqlConnection connection,
        string sql,
        Action<NpgsqlCommand> parameters,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        parameters(command);
        command.Parameters.Add(new("max_bytes", RoundLimits.Bytes));
        command.Parameters.Add(new("max_rows", RoundLimits.Rows));
        var due = new List<DueDelivery>();
        var now = time.GetUtcNow();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            due.Add(
                new DueDelivery(
                    reader.GetString(0),
                    TimeAt(1),
                    reader.GetGuid(2),
                    reader.GetGuid(3),
                    reader.GetString(4),
                    reader.GetString(5),
                    TextAt(6),
                    TextAt(7),
                    TextAt(8),
                    reader.GetString(9),
                    reader.GetString(10),
                    reader.GetInt32(11),
                    reader.GetBoolean(12),
                    TimeAt(13),
                    reader.IsDBNull(15) ? null : reader.GetFieldValue<byte[]>(15),
                    TextAt(16),
                    now
                )
            );
        }
        return due;

        DateTimeOffset TimeAt(int column) => reader.GetFieldValue<DateTimeOffset>(column);
        string? TextAt(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
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
