using Notify.Core.Messaging;

namespace Notify.Core.Deliveries.Lanes;

/// <summary>
/// What a lane has read and not begun: tenants take turns, so that one with a long line does not hide the others, and of one person's
/// messages the next comes only when the one before is done.
/// </summary>
internal sealed class LaneQueue<TMessage>
{
    private const int SweepFrom = 1_000;
    private readonly Lock _lock = new();
    private readonly TenantTurns<DeliveryJob<TMessage>> _turns = new();
    private readonly HashSet<(string, string)> _busy = [];
    private readonly Dictionary<(string, string), Queue<DeliveryJob<TMessage>>> _behind = [];
    private int _behindCount;
    private int _sweepAt = SweepFrom;

    /// <summary>Jobs that could be taken now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _turns.Count;
        }
    }

    public void Add(IReadOnlyList<DeliveryJob<TMessage>> jobs)
    {
        lock (_lock)
        {
            foreach (var job in jobs)
                _turns.Add(job.Key.Tenant, job, job.Weight);
            if (_turns.Count + _behindCount >= _sweepAt)
                Sweep();
        }
    }

    /// <summary>The next jobs, at most so many, a turn for each tenant. Each of them comes back through <see cref="PutBack"/> or <see cref="Done"/>.</summary>
    public List<DeliveryJob<TMessage>> Take(int max)
    {
        var taken = new List<DeliveryJob<TMessage>>();
        lock (_lock)
        {
            while (taken.Count < max && _turns.TryTake(out var job))
            {
                if (_busy.Add(job.Person))
                    taken.Add(job);
                else
                    Behind(job);
            }
        }
        return taken;
    }

    /// <summary>They could not go yet: they are the first of their tenants again.</summary>
    public void PutBack(List<DeliveryJob<TMessage>> jobs)
    {
        if (jobs.Count == 0)
            return;
        lock (_lock)
        {
            for (var i = jobs.Count - 1; i >= 0; i--)
            {
                _busy.Remove(jobs[i].Person);
                _turns.Return(jobs[i].Key.Tenant, jobs[i]);
            }
        }
    }

    /// <summary>The person's next message may go.</summary>
    public void Done(DeliveryJob<TMessage> job)
    {
        lock (_lock)
        {
            _busy.Remove(job.Person);
            if (!_behind.TryGetValue(job.Person, out var behind))
                return;
            var next = behind.Dequeue();
            _behindCount--;
            if (behind.Count == 0)
                _behind.Remove(job.Person);
            _turns.Return(next.Key.Tenant, next);
        }
    }

    private void Behind(DeliveryJob<TMessage> job)
    {
        if (!_behind.TryGetValue(job.Person, out var behind))
            _behind.Add(job.Person, behind = new());
        behind.Enqueue(job);
        _behindCount++;
    }

    /// <summary>
    /// What went to another member while it waited here drops out at its turn. While no turn comes (a provider is away) every rebalance reads anew beside it: what is here never grows over twice what can still be begun.
    /// </summary>
    private void Sweep()
    {
        foreach (var gone in _turns.TakeOut(job => job.Record.HasEnded))
        {
            if (!_busy.Contains(gone.Person))
                ReturnBehind(gone.Person);   // it was the one that those behind it waited for
        }
        foreach (var (person, behind) in _behind.ToList())
        {
            var left = behind.Where(job => !job.Record.HasEnded).ToList();
            _behindCount -= behind.Count - left.Count;
            if (left.Count == 0)
                _behind.Remove(person);
            else
                _behind[person] = new(left);
        }
        _sweepAt = Math.Max(SweepFrom, 2 * (_turns.Count + _behindCount));
    }

    private void ReturnBehind((string, string) person)
    {
        if (!_behind.Remove(person, out var behind))
            return;
        _behindCount -= behind.Count;
        foreach (var job in behind.Where(job => !job.Record.HasEnded).Reverse())
            _turns.Return(job.Key.Tenant, job);
    }
}
