using System.Diagnostics.CodeAnalysis;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;

namespace Notify.Sending.Lanes;

/// <summary>
/// What a lane has read and not begun: tenants take turns, so that one with a long line does not hide the others, and of one person's
/// messages the next comes only when the one before is done.
/// </summary>
internal sealed class LaneQueue
{
    private const int SweepFrom = 1_000;
    private readonly Lock _lock = new();
    private readonly TenantTurns<DeliveryJob> _turns = new();
    private readonly HashSet<(string, string)> _busy = [];
    private readonly Dictionary<(string, string), Queue<DeliveryJob>> _behind = [];
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

    public void Add(IReadOnlyList<DeliveryJob> jobs)
    {
        lock (_lock)
        {
            foreach (var job in jobs)
                _turns.Add(job.Key.Tenant, job, job.Weight);
            if (_turns.Count + _behindCount >= _sweepAt)
                Sweep();
        }
    }

    /// <summary>
    /// The next job, by its tenant's turn. It comes back through <see cref="Settle"/>, which ends the look at what was taken, or through
    /// <see cref="Done"/>. What went to another member while it waited drops out.
    /// </summary>
    public bool TryTake([MaybeNullWhen(false)] out DeliveryJob job)
    {
        lock (_lock)
        {
            while (_turns.TryTake(out job))
            {
                if (!job.Record.HasEnded && _busy.Add(job.Person))
                    return true;
                _turns.KeepTurn(job.Key.Tenant);
                if (!job.Record.HasEnded)
                    Behind(job);
                else if (!_busy.Contains(job.Person))
                    ReturnBehind(job.Person); // it was the one that those behind it waited for
            }
        }
        return false;
    }

    /// <summary>The job takes nothing from anybody: its tenant's next one is not to wait for that.</summary>
    public void KeepTurn(DeliveryJob job)
    {
        lock (_lock)
            _turns.KeepTurn(job.Key.Tenant);
    }

    /// <summary>Ends the look at what was taken.</summary>
    /// <param name="held">They cannot go yet: they are the first of their tenants again.</param>
    /// <param name="keepTurns">Whether it is these tenants' turn as before; else others come first.</param>
    public void Settle(List<DeliveryJob> held, bool keepTurns = true)
    {
        lock (_lock)
        {
            for (var i = held.Count - 1; i >= 0; i--)
            {
                _busy.Remove(held[i].Person);
                if (keepTurns)
                    _turns.KeepTurn(held[i].Key.Tenant);
                _turns.AddFirst(held[i].Key.Tenant, held[i], held[i].Weight);
            }
            _turns.Settle();
        }
    }

    /// <summary>The person's next message may go.</summary>
    public void Done(DeliveryJob job)
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
            _turns.AddFirst(next.Key.Tenant, next, next.Weight);
        }
    }

    private void Behind(DeliveryJob job)
    {
        if (!_behind.TryGetValue(job.Person, out var behind))
            _behind.Add(job.Person, behind = new());
        behind.Enqueue(job);
        _behindCount++;
    }

    /// <summary>
    /// What went to another member while it waited here drops out at its turn. While no turn comes (a provider is away) every rebalance
    /// reads anew beside it: what is here never grows over twice what can still be begun.
    /// </summary>
    private void Sweep()
    {
        foreach (var gone in _turns.TakeOut(job => job.Record.HasEnded))
        {
            if (!_busy.Contains(gone.Person))
                ReturnBehind(gone.Person); // it was the one that those behind it waited for
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
            _turns.AddFirst(job.Key.Tenant, job, job.Weight);
    }
}
