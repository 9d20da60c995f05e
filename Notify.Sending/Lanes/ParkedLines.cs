using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;

namespace Notify.Sending.Lanes;

/// <summary>
/// Persons of whom a message was put aside as a row before its first call, each with the line of such messages. What comes for the same
/// person after it is put aside behind it: rows come due a moment after what they waited for, and it would be sent first. Retries are in
/// no line; they may be passed. One lane keeps them in memory, since it reads all of a person's records while it owns their partition.
/// Not for several threads at a time.
/// </summary>
internal sealed class ParkedLines(TimeProvider time)
{
    /// <summary>Messages in lines; beyond so many the order is not kept.</summary>
    internal const int Most = 10_000;

    /// <summary>
    /// A row that is not back so long after its time was cancelled, or is another member's: nobody waits behind it any longer.
    /// </summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(1); // the pump releases rows in the order of their times
    private readonly Dictionary<(string Tenant, string Address), Line> _lines = [];
    private readonly Dictionary<Guid, LinkedListNode<ParkedRow>> _rows = [];
    private DateTimeOffset _released = DateTimeOffset.MinValue;

    /// <summary>Messages that are in lines.</summary>
    public int Count => _rows.Count;

    /// <summary>The channel stands still, and no row comes back before that time.</summary>
    public void StandStill(DateTimeOffset until) => _released = until > _released ? until : _released;

    /// <summary>
    /// As what a message has to wait behind others of its person, in the line with them from now on; null where none is before it.
    /// </summary>
    public ParkedRow? Behind((string Tenant, string Address) person, DeliveryKey key)
    {
        if (Count == 0 || !_lines.TryGetValue(person, out var line))
            return null;
        var now = time.GetUtcNow();
        while (line.Rows.First is { } first && first.Value.Key != key && now - Later(first.Value.DueAt, _released) > Patience)
            Remove(person, line, first);
        if (line.Rows.First is not { Value: var before } || before.Key == key || (Count >= Most && !_rows.ContainsKey(key.Id)))
            return null;
        var row = before with { Key = key, DueAt = line.LastDue + Apart };
        Put(line, row);
        return row;
    }

    /// <summary>The message is put aside for a reason of its own, and is the first of its line.</summary>
    public void Park((string Tenant, string Address) person, ParkedRow row)
    {
        if (Count >= Most && !_rows.ContainsKey(row.Key.Id))
            return;
        if (!_lines.TryGetValue(person, out var line))
            _lines.Add(person, line = new());
        Put(line, row);
    }

    /// <summary>The message goes on: those behind it may come.</summary>
    public void Leave((string Tenant, string Address) person, DeliveryKey key)
    {
        if (Count > 0 && _rows.TryGetValue(key.Id, out var row))
            Remove(person, _lines[person], row);
    }

    private void Put(Line line, ParkedRow row)
    {
        if (_rows.TryGetValue(row.Key.Id, out var known))
            known.Value = row; // where it stood
        else
            _rows.Add(row.Key.Id, line.Rows.AddLast(row));
        line.LastDue = Later(line.LastDue, row.DueAt);
    }

    private void Remove((string Tenant, string Address) person, Line line, LinkedListNode<ParkedRow> row)
    {
        _rows.Remove(row.Value.Key.Id);
        line.Rows.Remove(row);
        if (line.Rows.Count == 0)
            _lines.Remove(person);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private sealed class Line
    {
        public LinkedList<ParkedRow> Rows { get; } = [];

        public DateTimeOffset LastDue { get; set; }
    }
}
