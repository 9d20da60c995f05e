using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.DeadLetters;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Sending.Outcomes;

namespace Notify.Sending.Lanes;

/// <summary>
/// Keeps records that no job can be made of as dead letters. Where the delivery is known, its row waits and is tried again: a worker of another version may read it. After as many tries as
/// it may cost calls it gives up like any other; left queued, it would be produced again for ever.
/// </summary>
internal sealed partial class UnreadableRecords(
    Channel channel, Lane lane, DeliveryStore store, OutcomeWriter outcomes, DeadLetterStore letters, DatabasePatience patience, DeliveryMetrics metrics, IOptions<DeliveryOptions> options, TimeProvider time, ILogger logger)
{
    public async Task KeepAsync(ConsumedRecord record, Unreadable unreadable, CancellationToken stopping)
    {
        var claim = unreadable.Key is { } key ? await ClaimAsync(key, stopping) : null;
        if (claim is null or { Attempt: 1 })   // one letter for all tries
        {
            await patience.WaitAsync(() => letters.KeepAsync(record, unreadable.Cause, CancellationToken.None), stopping);
            metrics.DeadRecord(channel, unreadable.Cause);
            Log.Kept(logger, channel, lane, record.Topic, record.Partition, record.Offset, unreadable.Cause);
        }
        if (claim is { } held)
            await outcomes.WriteAsync(Settle(unreadable, held));
        record.Finish();
    }

    private async Task<Claim?> ClaimAsync(DeliveryKey key, CancellationToken stopping)
    {
        var claimId = Guid.NewGuid();
        var claims = await patience.WaitAsync(() => store.ClaimAsync([key], options.Value.Lease, CancellationToken.None, claimId), stopping);
        return claims.TryGetValue(key.Id, out var claim) ? claim : null;
    }

    private SettledAttempt Settle(Unreadable unreadable, Claim claim)
    {
        var now = time.GetUtcNow();
        var transition = now >= unreadable.ExpiresAt ? Transitions.Expired : Transitions.Unreadable(claim.Attempt, unreadable.ExpiresAt, now, options.Value, Jitter.Next());
        return new(unreadable.Key!.Value, claim, transition, new AttemptRecord(now, "none", AttemptRecord.NotCalled, 0, unreadable.Cause, "The worker could not read the record."));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Channel} {Lane}: the record at {Topic} {Partition} {Offset} cannot be used ({Cause}); it is kept as a dead letter.")]
        public static partial void Kept(ILogger logger, Channel channel, Lane lane, string topic, int partition, long offset, string cause);
    }
}
