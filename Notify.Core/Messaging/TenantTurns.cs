using System.Diagnostics.CodeAnalysis;

namespace Notify.Core.Messaging;

/// <summary>
/// What waits, a line for each tenant: each line keeps its order, and the tenants take turns, so that one with a long line does not hide the others.
/// Not for several threads at a time.
/// </summary>
public sealed class TenantTurns<T>
{
    private readonly Dictionary<string, Line> _lines = [];
    private readonly Queue<Line> _turns = new();

    public int Count { get; private set; }

    /// <summary>How many tenants have something waiting.</summary>
    public int Tenants => _lines.Count;

    /// <summary>At the end of its tenant's line.</summary>
    public void Add(string tenant, T item)
    {
        LineOf(tenant).Waiting.Enqueue(item);
        Count++;
    }

    /// <summary>In front of its tenant's line; of several, the last that was returned is the first.</summary>
    public void Return(string tenant, T item)
    {
        LineOf(tenant).Returned.Push(item);
        Count++;
    }

    /// <summary>The first of the tenant whose turn it is; the next call gives the next tenant's.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        if (!_turns.TryDequeue(out var line))
        {
            item = default;
            return false;
        }
        item = line.Next();
        Count--;
        if (line.IsEmpty)
            _lines.Remove(line.Tenant);
        else
            _turns.Enqueue(line);
        return true;
    }

    private Line LineOf(string tenant)
    {
        if (!_lines.TryGetValue(tenant, out var line))
        {
            _lines.Add(tenant, line = new(tenant));
            _turns.Enqueue(line);
        }
        return line;
    }

    /// <summary>It stands in the turns exactly while something is in it.</summary>
    private sealed class Line(string tenant)
    {
        public string Tenant => tenant;

        public Queue<T> Waiting { get; } = new();

        public Stack<T> Returned { get; } = new();

        public bool IsEmpty => Waiting.Count == 0 && Returned.Count == 0;

        public T Next() => Returned.TryPop(out var returned) ? returned : Waiting.Dequeue();
    }
}
