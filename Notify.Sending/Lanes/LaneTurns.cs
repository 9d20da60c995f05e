using Notify.Core.Deliveries;

namespace Notify.Sending.Lanes;

/// <summary>Takes jobs from the queue in turn, asks the gate for each, and leaves those that have to wait where they stood.</summary>
internal static class LaneTurns
{
    private const int MaxPassed = 1_000;

    /// <summary>
    /// After so many in a look that need no call, their tenants' next ones come no sooner for that: one of which all wait as rows would
    /// otherwise be the only one heard.
    /// </summary>
    private const int MaxFree = 16;

    /// <summary>
    /// Looks at the next jobs: at as many as may be begun, or until one may; past those that need no call, and past those whose provider
    /// has to be waited for where another provider may carry what stands behind them, to a bound. Null where there are none.
    /// </summary>
    public static Admission? Next(LaneQueue queue, LaneGate gate, int room)
    {
        if (room <= 0)
            return null;
        var admission = new Admission(Math.Min(room, queue.Count));
        List<DeliveryJob> free = [];
        var seen = 0;
        while (seen < MaxPassed && (seen < room || GoesOn(admission, gate)) && queue.TryTake(out var job))
        {
            seen++;
            if (!gate.Admit(job, admission))
                continue;
            if (free.Count < MaxFree)
                queue.KeepTurn(job);
            free.Add(job);
        }
        foreach (var job in free.Skip(MaxFree))
            queue.KeepTurn(job);
        // Where so many wait for one provider, the next look begins behind them, or it would never come to another one's.
        queue.Settle(admission.Held, keepTurns: admission.Calls || seen < MaxPassed);
        return seen == 0 ? null : admission;
    }

    private static bool GoesOn(Admission admission, LaneGate gate) =>
        !admission.Calls && (admission.Held.Count == 0 || gate.MayBePassed(admission.Held[0]));
}
