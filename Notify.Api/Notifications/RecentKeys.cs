using System.Collections.Concurrent;
using System.Globalization;

namespace Notify.Api.Notifications;

/// <summary>
/// The last keys that this process was asked for. Redis tells the processes of each other; where it does not answer in time, equal requests
/// at one process are one notification all the same.
/// </summary>
internal sealed class RecentKeys(int capacity)
{
    private readonly ConcurrentDictionary<string, KeyEntry> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    public KeyEntry? Find(string name) => _entries.GetValueOrDefault(name);

    /// <summary>False where the key is known.</summary>
    public bool TryAdd(string name, KeyEntry entry)
    {
        if (!_entries.TryAdd(name, entry))
            return false;
        _order.Enqueue(name);
        while (_order.Count > capacity && _order.TryDequeue(out var oldest))
            _entries.TryRemove(oldest, out _);
        return true;
    }

    /// <summary>False where it is not <paramref name="known"/> any more.</summary>
    public bool TryReplace(string name, KeyEntry known, KeyEntry entry) => _entries.TryUpdate(name, entry, known);

    /// <summary>What is known now of a key that is still remembered.</summary>
    public void Update(string name, KeyEntry entry)
    {
        if (_entries.TryGetValue(name, out var known))
            _entries.TryUpdate(name, entry, known);
    }

    public void Forget(string name) => _entries.TryRemove(name, out _);
}

/// <summary>What became of the request that came with a key.</summary>
internal sealed record KeyEntry(char State, string Fingerprint, Guid Id, DateTimeOffset At)
{
    public const char Running = 'r',
        Answered = 'd',
        Failed = 'f';

    /// <summary>As it is kept in Redis.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{State}|{Fingerprint}|{Id}|{At.ToUnixTimeMilliseconds()}");

    /// <summary>Null for what is no entry.</summary>
    public static KeyEntry? Parse(string? text) =>
        text?.Split('|') is [[var state], var fingerprint, var id, var at]
        && Guid.TryParse(id, out var parsed)
        && long.TryParse(at, CultureInfo.InvariantCulture, out var milliseconds)
            ? new(state, fingerprint, parsed, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds))
            : null;
}
