namespace Notify.Core.Deliveries.Lanes;

/// <summary>
/// What a lane has read and not begun: tenants take turns, so that one with a long line does not hide the others, and of one person's
/// messages the next comes only when the one before is done.
/// </summary>
internal sealed class LaneQueue<TMessage>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Line> _lines = [];
    private readonly Queue<Line> _turns = new();
    private readonly HashSet<(string, string)> _busy = [];
    private readonly Dictionary<(string, string), Queue<DeliveryJob<TMessage>>> _behind = [];
    private int _count;

    /// <summary>Jobs that could be taken now.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Add(IReadOnlyList<DeliveryJob<TMessage>> jobs)
    {
        lock (_lock)
        {
            foreach (var job in jobs)
                LineOf(job).Waiting.Enqueue(job);
            _count += jobs.Count;
        }
    }

    /// <summary>The next jobs, at most so many, a turn for each tenant. Each of them comes back through <see cref="PutBack"/> or <see cref="Done"/>.</summary>
    public List<DeliveryJob<TMessage>> Take(int max)
    {
        var taken = new List<DeliveryJob<TMessage>>();
        lock (_lock)
        {
            while (taken.Count < max && _turns.TryDequeue(out var line))
            {
                _count--;
                var job = line.Next();
                if (line.IsEmpty)
                    _lines.Remove(line.Tenant);
                else
                    _turns.Enqueue(line);
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
                LineOf(jobs[i]).Returned.Push(jobs[i]);
            }
            _count += jobs.Count;
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
            if (behind.Count == 0)
                _behind.Remove(job.Person);
            LineOf(next).Returned.Push(next);
            _count++;
        }
    }

    private Line LineOf(DeliveryJob<TMessage> job)
    {
        if (!_lines.TryGetValue(job.Key.Tenant, out var line))
        {
            _lines.Add(job.Key.Tenant, line = new(job.Key.Tenant));
            _turns.Enqueue(line);
        }
        return line;
    }

    private void Behind(DeliveryJob<TMessage> job)
    {
        if (!_behind.TryGetValue(job.Person, out var behind))
            _behind.Add(job.Person, behind = new());
        behind.Enqueue(job);
    }

    /// <summary>One tenant's jobs; it stands in the turns exactly while it has some.</summary>
    private sealed class Line(string tenant)
    {
        public string Tenant => tenant;

        public Queue<DeliveryJob<TMessage>> Waiting { get; } = new();

        public Stack<DeliveryJob<TMessage>> Returned { get; } = new();

        public bool IsEmpty => Waiting.Count == 0 && Returned.Count == 0;

        public DeliveryJob<TMessage> Next() => Returned.TryPop(out var returned) ? returned : Waiting.Dequeue();
    }
}
