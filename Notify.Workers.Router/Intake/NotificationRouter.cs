using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Decisions;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Workers.Router.Shares;
using Npgsql;

namespace Notify.Workers.Router.Intake;

/// <summary>
/// Routes new notifications: take, gather what is known, decide, write, produce. <see cref="Release.Releaser"/> does the same with rows that
/// come due. The notification's row decides about a record that is read again: where it exists nothing is written, and its deliveries that
/// are still queued are produced again, which the claim makes harmless.
/// </summary>
internal sealed partial class NotificationRouter(
    NpgsqlDataSource database,
    IntakeGatherer gatherer,
    DayPartitions days,
    DeliveryProducer producer,
    TenantShares shares,
    IOptions<RouterOptions> options,
    TimeProvider time,
    ILogger<NotificationRouter> logger
)
{
    /// <param name="lane">Of all of them.</param>
    /// <param name="part">What one transaction may write.</param>
    /// <param name="traceParent">What the deliveries' traces hang on.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ProduceFailedException">Kafka did not confirm: everything is to be done again.</exception>
    public async Task RouteAsync(
        Lane lane,
        IReadOnlyList<IncomingNotification> part,
        Func<IncomingNotification, string?> traceParent,
        CancellationToken cancellationToken
    )
    {
        // The same notification twice in one batch (a producer's own retry) is routed once.
        var taken = part.DistinctBy(notification => (notification.Tenant, notification.Id)).ToList();
        var gathered = await gatherer.GatherAsync(taken, cancellationToken);
        List<Sendable> sendable;
        try
        {
            sendable = await WriteAsync(taken, gathered, traceParent, cancellationToken);
        }
        catch (PostgresException refused) when (DatabaseFaults.IsMissingDay(refused))
        {
            // Days are made ahead of their time. This one was not: an old record is replayed, or no Router ran for days. Nothing was
            // written, so the part begins again.
            await days.EnsureAsync(taken.Select(notification => notification.AcceptedAt), cancellationToken);
            sendable = await WriteAsync(taken, gathered, traceParent, cancellationToken);
        }
        shares.Written(lane);
        await ProduceAsync(sendable, cancellationToken);
    }

    /// <summary>Decides and writes in one transaction; what is left to be produced.</summary>
    private async Task<List<Sendable>> WriteAsync(
        List<IncomingNotification> taken,
        Gathered gathered,
        Func<IncomingNotification, string?> traceParent,
        CancellationToken cancellationToken
    )
    {
        await using var round = await RoutingRound.BeginAsync(database, time.GetUtcNow(), cancellationToken);
        var firsts = await round.TakeKeysAsync(taken, cancellationToken);
        var routed = taken.ConvertAll(notification => Decide(notification, gathered, firsts.GetValueOrDefault(notification), round.Now));
        var (fresh, knownRows) = await round.AddNotificationsAsync(routed, cancellationToken);
        var waiting = OverTheirShare(fresh);
        await round.AddDeliveriesAsync(fresh, waiting, cancellationToken);
        var sendable = new List<Sendable>(fresh.Count);
        foreach (var notification in fresh)
            AddSendable(sendable, notification, waiting, traceParent(notification.Incoming));
        sendable.AddRange(await round.StillQueuedAsync(knownRows, traceParent, cancellationToken));
        var cancelled = await round.CommitAsync(taken, cancellationToken);
        // An opt-out that was committed before the rows were, and after the profile was read, is seen here; one that is committed later
        // finds the rows. See docs/decisions/0010-an-opt-out-holds-for-every-claim.md.
        cancelled.UnionWith(await AfterCommit.WithdrawnAsync(round.Connection, routed, [.. knownRows], gathered, cancellationToken));
        sendable.RemoveAll(delivery => cancelled.Contains(delivery.Key.Id));
        return sendable;
    }

    private RoutedNotification Decide(IncomingNotification notification, Gathered gathered, Guid? duplicateOf, DateTimeOffset now)
    {
        var candidates = gathered.CandidatesOf(notification);
        var deliveries = new List<DecidedDelivery>(candidates.Count);
        var trace = new List<GateResult>();
        foreach (var candidate in candidates)
        {
            var snapshot = gathered.Facts.SnapshotOf(
                notification.Tenant,
                notification.Owner,
                notification.Request,
                notification.Terms,
                candidate,
                now,
                notification.ExpiresAt
            ) with
            {
                DuplicateOf = duplicateOf,
            };
            trace.Clear();
            var decision = Gates.Decide(snapshot, trace);
            deliveries.Add(new(candidate, decision, DecisionTrace.Kept(trace)));
        }
        var atMostOnce =
            notification.Terms.AtMostOnce
            || (notification.Request.Category is { } category && options.Value.AtMostOnceCategories.Contains(category));
        return new(notification, deliveries, duplicateOf, atMostOnce);
    }

    private static void AddSendable(List<Sendable> sendable, RoutedNotification notification, HashSet<Guid> waiting, string? traceParent)
    {
        var incoming = notification.Incoming;
        var contents = new DeliveryContent?[ChannelNames.All.Count]; // all deliveries of a channel say the same
        foreach (var (candidate, decision, _) in notification.Deliveries)
        {
            if (!decision.IsSend || waiting.Contains(candidate.Id))
                continue;
            var row = new OpenDelivery(
                new(incoming.Tenant, candidate.Id),
                incoming.Id,
                candidate.Channel,
                incoming.Lane,
                candidate.RecipientId,
                candidate.Address!,
                candidate.Device,
                Attempt: 0,
                incoming.ExpiresAt
            );
            var content = contents[(int)candidate.Channel] ??= DeliveryContent.For(candidate.Channel, incoming.Request);
            sendable.Add(new Sendable(row, incoming.Request, traceParent, content));
        }
    }

    /// <summary>The deliveries that wait for their tenant's turn: what goes over its share of the lane, the last first.</summary>
    private HashSet<Guid> OverTheirShare(List<RoutedNotification> fresh)
    {
        var wanted = new Dictionary<(Channel Channel, Lane Lane, string Tenant), List<Guid>>();
        foreach (var notification in fresh)
        {
            foreach (var (candidate, decision, _) in notification.Deliveries)
            {
                if (!decision.IsSend)
                    continue;
                var key = (candidate.Channel, notification.Incoming.Lane, notification.Incoming.Tenant);
                if (!wanted.TryGetValue(key, out var ids))
                    wanted.Add(key, ids = []);
                ids.Add(candidate.Id);
            }
        }
        var waiting = new HashSet<Guid>();
        foreach (var ((channel, lane, tenant), ids) in wanted)
            waiting.UnionWith(ids.Skip(shares.Take(channel, lane, tenant, ids.Count)));
        return waiting;
    }

    /// <summary>What Kafka will never take ends here, alone: repeated with the batch it would stop the lane for good.</summary>
    private async Task ProduceAsync(List<Sendable> sendable, CancellationToken cancellationToken)
    {
        var results = await producer.ProduceAsync(sendable);
        var tooLarge = sendable.Where((_, i) => results[i] == ProduceResult.TooLarge).Select(delivery => delivery.Key).ToList();
        if (tooLarge.Count > 0)
        {
            await FailRows.FailAsync(database, tooLarge, DeliveryReasons.TooLarge, cancellationToken);
            foreach (var key in tooLarge)
                Log.TooLarge(logger, key.Id);
        }
        if (results.Contains(ProduceResult.Unconfirmed))
            throw new ProduceFailedException(ErrorCode.Local_MsgTimedOut);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Delivery {DeliveryId} is larger than Kafka takes and fails.")]
        public static partial void TooLarge(ILogger logger, Guid deliveryId);
    }
}
