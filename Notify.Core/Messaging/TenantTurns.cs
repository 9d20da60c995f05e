using System.Diagnostics.CodeAnalysis;

namespace Notify.Core.Messaging;

/// <summary>
/// What waits, a line for each tenant: each line keeps its order, and the tenants take turns, so that one with a long line does not hide the others. A turn is as many items as the tenant's weight.
/// Not for several threads at a time.
/// </summary>
public sealed class TenantTurns<T>
{
    private readonly Dictionary<string, Line> _lines = [];
    private readonly LinkedList<Line> _turns = new();

    public int Count { get; private set; }

    /// <summary>How many tenants have something waiting.</summary>
    public int Tenants => _lines.Count;

    /// <summary>At the end of its tenant's line.</summary>
    public void Add(string tenant, T item, int weight = 1)
    {
        var line = LineOf(tenant);
        line.Weight = weight;
        line.Waiting.Enqueue(item);
        Count++;
    }

    /// <summary>In front of its tenant's line; of several, the last that was returned is the first.</summary>
    public void Return(string tenant, T item)
    {
        LineOf(tenant).Returned.Push(item);
        Count++;
    }

    /// <summary>The first of the tenant whose turn it is.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        if (_turns.First is not { } turn)
        {
            item = default;
            return false;
        }
        var line = turn.Value;
        item = line.Next();
        Count--;
        if (line.IsEmpty)
        {
            _turns.Remove(turn);
            _lines.Remove(line.Tenant);
        }
        else if (line.TurnIsOver)
        {
            _turns.Remove(turn);
            _turns.AddLast(turn);
        }
        return true;
    }

    /// <summary>Takes out whatever it is true of, wherever it stands.</summary>
    public List<T> TakeOut(Predicate<T> match)
    {
        var taken = new List<T>();
        for (var turn = _turns.First; turn is not null;)
        {
            var (line, next) = (turn.Value, turn.Next);
            line.TakeOut(match, taken);
            if (line.IsEmpty)
            {
                _turns.Remove(turn);
                _lines.Remove(line.Tenant);
            }
            turn = next;
        }
        Count -= taken.Count;
        return taken;
    }

    private Line LineOf(string tenant)
    {
        if (!_lines.TryGetValue(tenant, out var line))
        {
            _lines.Add(tenant, line = new(tenant));
            _turns.AddLast(line);
        }
        return line;
    }

    /// <summary>It stands in the turns exactly while something is in it.</summary>
    private sealed class Line(string tenant)
    {
        private int _taken;

        public string Tenant => tenant;

        public int Weight { get; set; } = 1;

        public Queue<T> Waiting { get; private set; } = new();

        public Stack<T> Returned { get; private set; } = new();

        public bool IsEmpty => Waiting.Count == 0 && Returned.Count == 0;

        public bool TurnIsOver => _taken == 0;

        public T Next()
        {
            _taken = _taken + 1 < Weight ? _taken + 1 : 0;
            return Returned.TryPop(out var returned) ? returned : Waiting.Dequeue();
        }

        public void TakeOut(Predicate<T> match, List<T> taken)
        {
            taken.AddRange(Returned.Concat(Waiting).Where(item => match(item)));
            Waiting = new(Waiting.Where(item => !match(item)));
            Returned = new(Returned.Reverse().Where(item => !match(item)));   // a stack lists its last first, and is filled from its first
        }
    }
}
