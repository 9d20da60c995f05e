using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Sending.Limits;
using Notify.Sending.Providers;

namespace Notify.Sending.Lanes;

/// <summary>
/// Decides for each job, before anything is claimed, whether it may go now. A channel of which no provider may be called holds what it has
/// read, so that nothing piles up in rows; where only the provider of some messages is away, those wait as rows and the others go on.
/// </summary>
internal sealed class LaneGate(Lane lane, ISender sender, AddressLimiter? addresses, DeliveryOptions options, TimeProvider time)
{
    private readonly ParkedLines _lines = new(time);

    /// <summary>Ends when a provider has room again that had few calls at a time.</summary>
    public Task Freed => sender.Freed;

    /// <summary>The accounts that its jobs may go to.</summary>
    public IReadOnlyList<IAccount> Accounts => sender.Accounts;

    /// <summary>
    /// Calls that a lane may have under way now, of those its options allow: as many again as the provider can work on, so that it never
    /// waits for the next one, and no call for long in the provider's own line.
    /// </summary>
    public int ConcurrencyOf(int most) => sender.Concurrency is { } working ? Math.Min(most, 2 * working) : most;

    /// <summary>Whether messages behind this one, which has to wait, could go: they may be another provider's.</summary>
    public bool MayBePassed(DeliveryJob job) => sender.PausedUntil is null && sender.IsSplitBy(job.Target);

    /// <summary>Adds to an admission what a look at this job comes to; the looks at several go into one.</summary>
    /// <returns>Whether the job goes without a call.</returns>
    public bool Admit(DeliveryJob job, Admission admission)
    {
        var now = time.GetUtcNow();
        if (now >= job.Delivery.ExpiresAt)
        {
            _lines.Leave(job.Person, job.Key);
            admission.Ready.Add((job, null));
            return true;
        }
        if (sender.PausedUntil is { } until)
        {
            _lines.StandStill(until);
            Hold(admission, job, until);
            return false;
        }
        var isFirstCall = job.Delivery.Attempt == 0;
        if (isFirstCall && _lines.Behind(job.Person, job.Key) is { } behind)
        {
            admission.Parked.Add(new(job, behind.Reason, behind.DueAt, behind.Code));
            return true;
        }
        var (parked, held) = (admission.Parked.Count, admission.Held.Count);
        AskSender(admission, job, now);
        var isParked = admission.Parked.Count > parked;
        if (isFirstCall && isParked && admission.Parked[^1] is var aside)
            _lines.Park(job.Person, new(job.Key, aside.Reason, aside.DueAt, aside.Scope));
        else if (admission.Held.Count == held)
            _lines.Leave(job.Person, job.Key);
        return isParked;
    }

    private void AskSender(Admission admission, DeliveryJob job, DateTimeOffset now)
    {
        var isRetry = job.Delivery.Attempt > 0;
        var obstacle = sender.TryEnter(
            job.Target,
            isRetry,
            lane == Lane.Critical,
            out var entry,
            isLastCall: isRetry && job.Delivery.Attempt + 1 >= options.MaxAttempts,
            admission.Awaited
        );
        switch (obstacle)
        {
            case null when entry is { } taken && addresses?.DelayFor(job.Delivery.Address) is { } delay:
                taken.Account.Leave(taken);
                admission.Parked.Add(new(job, DeliveryReasons.AddressLimit, now + delay));
                break;
            case null when entry is null:
                admission.Parked.Add(
                    new(job, DeliveryReasons.NoProvider, now + options.MisconfiguredWait + options.RetryBase * Jitter.Next())
                );
                break;
            case null:
                admission.Call(job, entry.Value);
                break;
            case { Kind: ObstacleKind.Paused, Until: { } until }:
                admission.Parked.Add(new(job, DeliveryReasons.ProviderPaused, until + options.RetryBase * Jitter.Next()));
                break;
            case { Kind: ObstacleKind.ScopeRests, Until: { } until, Scope: { } scope }:
                var reason = scope.Kind == OutcomeKind.Throttled ? DeliveryReasons.Throttled : DeliveryReasons.Misconfigured;
                admission.Parked.Add(new(job, reason, until + options.RetryBase * Jitter.Next(), scope.Name));
                break;
            case { Kind: ObstacleKind.RetriesUsedUp }:
                admission.Parked.Add(new(job, DeliveryReasons.RetryBudget, now + options.RetryBase * (1 + Jitter.Next())));
                break;
            default:
                if (obstacle.Value.Permits is { } permits)
                    admission.AwaitedPermits.Add(permits);
                Hold(admission, job, obstacle.Value.Until);
                break;
        }
    }

    private static void Hold(Admission admission, DeliveryJob job, DateTimeOffset? until)
    {
        admission.Held.Add(job);
        if (until is not { } over)
            return;
        // A delivery that expires while it is held is settled when it does.
        var again = job.Delivery.ExpiresAt < over ? job.Delivery.ExpiresAt : over;
        if (admission.LookAgainAt is null || again < admission.LookAgainAt)
            admission.LookAgainAt = again;
    }
}
