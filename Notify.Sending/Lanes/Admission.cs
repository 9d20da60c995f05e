using Notify.Core.Deliveries;
using Notify.Sending.Limits;
using Notify.Sending.Providers;

namespace Notify.Sending.Lanes;

/// <summary>What a look at some jobs came to.</summary>
/// <param name="size">How many there may be.</param>
internal sealed class Admission(int size = 0)
{
    /// <summary>May go: with the right to a call, or to be settled without one.</summary>
    public List<(DeliveryJob Job, Entry? Entry)> Ready { get; } = new(size);

    /// <summary>Wait here for their turn.</summary>
    public List<DeliveryJob> Held { get; } = [];

    /// <summary>Wait as rows.</summary>
    public List<ParkedDelivery> Parked { get; } = [];

    /// <summary>When what is held may be looked at again at the latest; null where only a change can help.</summary>
    public DateTimeOffset? LookAgainAt { get; set; }

    /// <summary>Whose permits what is held waits for.</summary>
    public HashSet<RateLimiter> AwaitedPermits { get; } = [];

    /// <summary>The providers that what is held waits for. What becomes free there during the look is not for those that come after
    /// it.</summary>
    public Dictionary<IAccount, Obstacle> Awaited { get; } = [];

    /// <summary>Whether there is a call to make.</summary>
    public bool Calls { get; private set; }

    public void Call(DeliveryJob job, Entry entry)
    {
        Ready.Add((job, entry));
        Calls = true;
    }
}

/// <summary>A delivery that nobody claims now: it waits as a row, and costs no attempt.</summary>
/// <param name="Job">The delivery.</param>
/// <param name="Reason">One of <see cref="DeliveryReasons"/>.</param>
/// <param name="DueAt">When it comes due.</param>
/// <param name="Scope">What it waits for, where that is less than a whole provider.</param>
internal sealed record ParkedDelivery(DeliveryJob Job, string Reason, DateTimeOffset DueAt, string? Scope = null);
