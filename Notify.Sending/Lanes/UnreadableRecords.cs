using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.DeadLetters;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Sending.Outcomes;
using Npgsql;

namespace Notify.Sending.Lanes;

/// <summary>
/// Keeps records that no job can be made of as dead letters, beside the traffic and one after the other. Where the delivery is known, its
/// row waits and is tried again: a worker of another version may read it. After as many tries as it may cost calls it gives up like any
/// other; left queued, it would be produced again for ever.
/// </summary>
internal sealed partial class UnreadableRecords(
    Channel channel,
    Lane lane,
    NpgsqlDataSource database,
    OutcomeWriter outcomes,
    DeadLetterStore letters,
    DatabasePatience patience,
    DeliveryMetrics metrics,
    IOptions<DeliveryOptions> options,
    TimeProvider time,
    ILogger logger
)
{
    private const int SweepFrom = 1_000;
    private static readonly Task<bool> s_nothingToSettle = Task.FromResult(true);
    private readonly Lock _lock = new();
    private readonly LaneSignal _arrived = new();
    private Queue<(ConsumedRecord Record, Unreadable Why)> _waiting = [];
    private int _sweepAt = SweepFrom;

    /// <summary>Records that wait to be kept, with those that went to another member and have not dropped out yet.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    /// <summary>
    /// Takes a record, which stays held until it is kept: keeping it again changes nothing, so a rebalance or a stop need not wait for
    /// Postgres. The lane's read window bounds how many there are.
    /// </summary>
    public void Add(ConsumedRecord record, Unreadable why)
    {
        record.Hold();
        lock (_lock)
        {
            _waiting.Enqueue((record, why));
            if (_waiting.Count >= _sweepAt)
                Sweep();
        }
        _arrived.Set();
    }

    /// <summary>
    /// Keeps a record whose delivery is claimed already and of which no message can be made. It ends as one that cannot be read does, by
    /// the claim that it has. False where Postgres will not take that.
    /// </summary>
    public Task<bool> KeepClaimedAsync(DeliveryJob job, Claim claim, CancellationToken stopping) =>
        KeepAsync(job.Record, new(DeadLetterCauses.Failed, job.Key, job.Delivery.ExpiresAt), claim, stopping);

    /// <summary>Keeps what comes, as long as the lane runs. A fault that does not pass comes out here.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            var arrived = _arrived.Next; // taken before the look, so that nothing after it is missed
            if (!TryTake(out var next))
                await arrived.WaitAsync(stopping);
            else if (!next.Record.HasEnded)
                await KeepAsync(next.Record, next.Why, stopping);
        }
    }

    private async Task KeepAsync(ConsumedRecord record, Unreadable unreadable, CancellationToken stopping)
    {
        await KeepAsync(record, unreadable, unreadable.Key is { } key ? await ClaimAsync(key, stopping) : null, stopping);
        if (record.TryBegin()) // else it is another account's by now, which keeps it once more
            record.Finish();
    }

    /// <summary>True when everything about it is written that Postgres takes.</summary>
    private async Task<bool> KeepAsync(ConsumedRecord record, Unreadable unreadable, Claim? claim, CancellationToken stopping)
    {
        // Before anything else: a claim that stayed open would come due as abandoned, and end as unknown where it is sent at most once.
        var settled = claim is { } held ? outcomes.WriteAsync(Settle(unreadable, held)) : s_nothingToSettle;
        if (claim is null or { Attempt: 1 }) // one letter for all tries
        {
            await patience.WaitAsync(() => letters.KeepAsync(record, unreadable.Cause, stopping), stopping);
            metrics.DeadRecord(channel, unreadable.Cause);
            Log.Kept(logger, channel, lane, record.Topic, record.Partition, record.Offset, unreadable.Cause);
        }
        return await settled.WaitAsync(stopping);
    }

    /// <summary>Not cancelled half-way: what is claimed is settled, also while the service stops.</summary>
    private async Task<Claim?> ClaimAsync(DeliveryKey key, CancellationToken stopping)
    {
        var claimId = Guid.NewGuid();
        var claims = await patience.WaitAsync(
            () => ClaimRows.ClaimAsync(database, [key], options.Value.Lease, claimId, CancellationToken.None),
            stopping
        );
        return claims.TryGetValue(key.Id, out var claim) ? claim : null;
    }

    private SettledAttempt Settle(Unreadable unreadable, Claim claim)
    {
        var now = time.GetUtcNow();
        var transition =
            now >= unreadable.ExpiresAt
                ? Transitions.Expired
                : Transitions.Unreadable(claim.Attempt, unreadable.ExpiresAt, now, options.Value, Jitter.Next());
        return new(
            unreadable.Key!.Value,
            claim,
            transition,
            new AttemptRecord(now, "none", AttemptRecord.NotCalled, 0, unreadable.Cause, "The worker could not read the record.")
        );
    }

    private bool TryTake(out (ConsumedRecord Record, Unreadable Why) next)
    {
        lock (_lock)
            return _waiting.TryDequeue(out next);
    }

    /// <summary>
    /// What went to another member drops out: while Postgres is away nothing is taken, and every rebalance reads anew beside it.
    /// </summary>
    private void Sweep()
    {
        _waiting = new(_waiting.Where(entry => !entry.Record.HasEnded));
        _sweepAt = Math.Max(SweepFrom, 2 * _waiting.Count);
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "{Channel} {Lane}: the record at {Topic} {Partition} {Offset} cannot be used ({Cause}); it is kept as a dead letter."
        )]
        public static partial void Kept(ILogger logger, Channel channel, Lane lane, string topic, int partition, long offset, string cause);
    }
}
