using System.Diagnostics.CodeAnalysis;

namespace Notify.Core.Messaging;

/// <summary>
/// What waits, a line for each tenant: each line keeps its order, and the tenants take turns, so that one with a long line does not hide
/// the others. A turn is as many items as the tenant's weight. To take items is to look at them: what cannot go yet is returned, what costs
/// nobody anything keeps its tenant's turn, and in the end the turns are as though only the others had been taken. Not for several threads
/// at a time.
/// </summary>
public sealed class TenantTurns<T>
{
    private readonly Dictionary<string, Line> _lines = [];
    private readonly SortedSet<Line> _turns = new(Comparer<Line>.Create((one, other) => one.Place.CompareTo(other.Place)));
    private readonly List<Line> _lookedAt = [];
    private long _lastPlace;

    public int Count { get; private set; }

    /// <summary>How many tenants have something waiting.</summary>
    public int Tenants => _turns.Count;

    /// <summary>At the end of its tenant's line.</summary>
    public void Add(string tenant, T item, int weight = 1)
    {
        var line = LineOf(tenant, weight);
        line.Waiting.Enqueue(item);
        Added(line);
    }

    /// <summary>In front of its tenant's line; of several, the last that was added is the first.</summary>
    public void AddFirst(string tenant, T item, int weight = 1)
    {
        var line = LineOf(tenant, weight);
        line.InFront.Push(item);
        Added(line);
    }

    /// <summary>The first of the tenant whose turn it is. It counts as its tenant's turn until it is said otherwise.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        if (_turns.Min is not { } line)
        {
            item = default;
            return false;
        }
        item = line.Next();
        Count--;
        if (!line.IsLookedAt)
        {
            line.IsLookedAt = true;
            _lookedAt.Add(line);
        }
        var isOver = line.Taken + 1 >= line.Weight;
        if ((isOver && _turns.Count > 1) || line.IsEmpty) // one that stands alone may change its place where it stands
            _turns.Remove(line); // before its place changes
        line.Use(isOver ? ++_lastPlace : null);
        if (isOver && !line.IsEmpty)
            _turns.Add(line);
        return true;
    }

    /// <summary>One that was taken of this tenant does not count as its turn.</summary>
    public void KeepTurn(string tenant)
    {
        if (!_lines.TryGetValue(tenant, out var line))
            return;
        _turns.Remove(line);
        line.TakeBack();
        if (!line.IsEmpty)
            _turns.Add(line);
    }

    /// <summary>Ends a look: what was taken and not returned is gone.</summary>
    public void Settle()
    {
        foreach (var line in _lookedAt)
        {
            line.Settle();
            if (line.IsEmpty)
                _lines.Remove(line.Tenant);
        }
        _lookedAt.Clear();
    }

    /// <summary>Takes out whatever it is true of, wherever it stands.</summary>
    public List<T> TakeOut(Predicate<T> match)
    {
        var taken = new List<T>();
        foreach (var line in _turns.ToList())
        {
            line.TakeOut(match, taken);
            if (!line.IsEmpty)
                continue;
            _turns.Remove(line);
            if (!line.IsLookedAt)
                _lines.Remove(line.Tenant);
        }
        Count -= taken.Count;
        return taken;
    }

    private Line LineOf(string tenant, int weight)
    {
        if (!_lines.TryGetValue(tenant, out var line))
            _lines.Add(tenant, line = new(tenant, ++_lastPlace));
        line.Weight = weight;
        return line;
    }

    private void Added(Line line)
    {
        Count++;
        _turns.Add(line); // where it does not stand already
    }

    /// <summary>It stands in the turns exactly while something is in it, and is known while what was taken of it may come back.</summary>
    private sealed class Line(string tenant, long place)
    {
        private readonly Stack<long> _before = new();

        public string Tenant => tenant;

        public int Weight { get; set; } = 1;

        /// <summary>Whose turn comes sooner has the lower one.</summary>
        public long Place { get; private set; } = place;

        /// <summary>How much of its turn is used.</summary>
        public int Taken { get; private set; }

        /// <summary>Whether something was taken of it since the last look ended.</summary>
        public bool IsLookedAt { get; set; }

        public Queue<T> Waiting { get; private set; } = new();

        public Stack<T> InFront { get; private set; } = new();

        public bool IsEmpty => Waiting.Count == 0 && InFront.Count == 0;

        public T Next() => InFront.TryPop(out var first) ? first : Waiting.Dequeue();

        /// <param name="next">Where it stands after its turn; null where that is not over.</param>
        public void Use(long? next)
        {
            if (next is { } place)
            {
                _before.Push(Place);
                (Place, Taken) = (place, 0);
            }
            else
            {
                Taken++;
            }
        }

        public void TakeBack()
        {
            if (Taken > 0)
                Taken--;
            else if (_before.TryPop(out var before))
                (Place, Taken) = (before, Weight - 1);
        }

        public void Settle()
        {
            IsLookedAt = false;
            _before.Clear();
        }

        public void TakeOut(Predicate<T> match, List<T> taken)
        {
            taken.AddRange(InFront.Concat(Waiting).Where(item => match(item)));
            Waiting = new(Waiting.Where(item => !match(item)));
            InFront = new(InFront.Reverse().Where(item => !match(item))); // a stack lists its last first, and is filled from its first
        }
    }
}
