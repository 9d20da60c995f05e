using System.Collections;

namespace MimeKit;

public class HeaderList : IEnumerable<Header>
{
    private readonly List<Header> _headers = [];

    public int Count => _headers.Count;

    /// <summary>The value of the first field of that name; null where there is none.</summary>
    public string? this[string field]
    {
        get => _headers.Find(Is(field))?.Value;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Replace(field, value);
        }
    }

    public string? this[HeaderId id]
    {
        get => this[id.ToHeaderName()];
        set => this[id.ToHeaderName()] = value;
    }

    public void Add(string field, string value) => _headers.Add(new Header(field, value));

    public void Add(HeaderId id, string value) => Add(id.ToHeaderName(), value);

    /// <summary>Puts the value in place of every field of that name, or at the end.</summary>
    public void Replace(string field, string value) => Replace(new Header(field, value));

    public void Replace(HeaderId id, string value) => Replace(id.ToHeaderName(), value);

    public bool Remove(string field) => _headers.RemoveAll(Is(field)) > 0;

    public bool Remove(HeaderId id) => Remove(id.ToHeaderName());

    public bool Contains(string field) => _headers.Exists(Is(field));

    public bool Contains(HeaderId id) => Contains(id.ToHeaderName());

    public IEnumerator<Header> GetEnumerator() => _headers.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Append(Header header) => _headers.Add(header);

    internal void Replace(Header header)
    {
        var index = _headers.FindIndex(Is(header.Field));
        _headers.RemoveAll(Is(header.Field));
        _headers.Insert(index < 0 ? _headers.Count : index, header);
    }

    private static Predicate<Header> Is(string field) => header => header.Field.Equals(field, StringComparison.OrdinalIgnoreCase);
}
