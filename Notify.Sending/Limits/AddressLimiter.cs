using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace Notify.Sending.Limits;

/// <summary>
/// How many messages an address may get, and providers' pauses for it. Kept in this process: deliveries are keyed by recipient, so one
/// worker sees all of a device's messages, except that a rebalance hands them to one that knows nothing of them yet. Bounded: past
/// <see cref="MostAddresses"/>, those that got least are forgotten first. Safe for concurrent use.
/// </summary>
public sealed class AddressLimiter
{
    private const int DefaultMostAddresses = 200_000; // about 12 MB
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, AddressUse> _uses = [];

    // addresses are others' text, and must not be able to collide on purpose
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64();
    private readonly DeviceLimitOptions _options;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private TimeSpan _pruned;

    public AddressLimiter(IOptions<DeviceLimitOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        _origin = time.GetTimestamp();
    }

    internal int MostAddresses { get; init; } = DefaultMostAddresses;

    internal int Count
    {
        get
        {
            lock (_lock)
                return _uses.Count;
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Null where a message may go to the address now, which then counts; else how long it has to wait, and nothing
    /// counts.</summary>
    public TimeSpan? DelayFor(string address)
    {
        var key = KeyOf(address);
        lock (_lock)
        {
            var now = Now;
            ref var use = ref UseOf(key, now);
            var delay = Longest(
                use.PausedUntil - now,
                use.Minute.DelayFor(now, Minute, _options.PerMinute),
                use.Hour.DelayFor(now, Hour, _options.PerHour)
            );
            if (delay > TimeSpan.Zero)
                return TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds)); // rounding must not make it early
            use.Minute.Add(now, Minute);
            use.Hour.Add(now, Hour);
            return null;
        }
    }

    /// <summary>The provider said wait for this address alone (APNs: TooManyRequests); of several times the latest holds.</summary>
    public void PauseUntil(string address, DateTimeOffset time)
    {
        var key = KeyOf(address);
        lock (_lock)
        {
            var now = Now;
            var until = now + (time - _time.GetUtcNow());
            if (until <= now)
                return;
            ref var use = ref UseOf(key, now);
            use.PausedUntil = Longest(use.PausedUntil, until);
        }
    }

    private ref AddressUse UseOf(ulong key, TimeSpan now)
    {
        if (now - _pruned >= Minute)
            Prune(now);
        ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(_uses, key);
        if (!Unsafe.IsNullRef(ref known))
            return ref known;
        if (_uses.Count >= MostAddresses)
            Forget(now);
        return ref CollectionsMarshal.GetValueRefOrAddDefault(_uses, key, out _)!;
    }

    private void Prune(TimeSpan now)
    {
        _pruned = now;
        Remove(use => use.PausedUntil <= now && use.Hour.At(now, Hour) == 0);
    }

    /// <summary>Makes room for a quarter: an address that got few messages may get as many more than it should, one that got many must be
    /// remembered.</summary>
    private void Forget(TimeSpan now)
    {
        Prune(now);
        var room = MostAddresses / 4 * 3;
        for (var few = 1; _uses.Count > room && few < _options.PerHour; few *= 2)
            Remove(use => use.PausedUntil <= now && use.Hour.At(now, Hour) <= few);
        if (_uses.Count >= MostAddresses)
            _uses.Clear(); // all of them paused or at their limit: no telling them apart
    }

    private void Remove(Func<AddressUse, bool> isOver)
    {
        foreach (var (key, use) in _uses)
        {
            if (isOver(use))
                _uses.Remove(key);
        }
    }

    private static TimeSpan Longest(params ReadOnlySpan<TimeSpan> times)
    {
        var longest = times[0];
        foreach (var time in times)
            longest = time > longest ? time : longest;
        return longest;
    }

    /// <summary>64 bits for an address: among 200,000 two share one with a chance of one in a billion.</summary>
    private ulong KeyOf(string address)
    {
        var hash = 14695981039346656037 ^ _seed; // FNV-1a over characters, then a finalizer that spreads the last ones
        foreach (var character in address)
            hash = (hash ^ character) * 1099511628211;
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        return hash ^ (hash >> 33);
    }
}

/// <summary>What one address got lately.</summary>
internal struct AddressUse
{
    public SlidingCount Minute;
    public SlidingCount Hour;
    public TimeSpan PausedUntil;
}
