using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Notify.Core.Notifications;

namespace Notify.Api.Limits;

/// <summary>
/// The accept limit: a bucket for each tenant and lane, in this process's memory. Tenants come with valid keys, so there are only so many.
/// A permit is for one recipient, as the Router has deliveries to make for each.
/// </summary>
internal sealed class AcceptLimiter(IOptions<AcceptOptions> options, TimeProvider time)
{
    private readonly AcceptPace?[] _paces =
    [
        .. LaneNames.All.Select(lane =>
            options.Value.PerSecond.Of(lane) is > 0 and var rate ? new AcceptPace(rate, options.Value.Burst) : null
        ),
    ];
    private readonly ConcurrentDictionary<string, AcceptBucket[]> _tenants = new(StringComparer.Ordinal);
    private readonly long _start = time.GetTimestamp();

    /// <summary>Takes so many permits, or none at all; null when they were there.</summary>
    public AcceptRefusal? TryTake(string tenant, Lane lane, int count) =>
        _paces[(int)lane] is { } pace ? Try(BucketsOf(tenant)[(int)lane], lane, pace, count, Now()) : null;

    /// <summary>Takes so many permits of each lane, or none at all; null when they were there.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="counts">By lane, as in <see cref="LaneNames.All"/>.</param>
    public AcceptRefusal? TryTake(string tenant, ReadOnlySpan<int> counts)
    {
        var buckets = BucketsOf(tenant);
        var now = Now();
        var longest = default((int Lane, TimeSpan Wait));
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0 && _paces[i] is { } pace && buckets[i].WaitFor(pace, counts[i], now) is var wait && wait > longest.Wait)
                longest = (i, wait);
        }
        if (longest.Wait > TimeSpan.Zero)
            return Refuse(
                buckets[longest.Lane],
                LaneNames.All[longest.Lane],
                _paces[longest.Lane]!,
                counts[longest.Lane],
                longest.Wait,
                now
            );
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] == 0 || _paces[i] is not { } pace || Try(buckets[i], LaneNames.All[i], pace, counts[i], now) is not { } refusal)
                continue;
            for (var taken = 0; taken < i; taken++) // somebody was quicker
            {
                if (_paces[taken] is { } other)
                    buckets[taken].Return(other, counts[taken]);
            }
            return refusal;
        }
        return null;
    }

    private static AcceptRefusal? Try(AcceptBucket bucket, Lane lane, AcceptPace pace, int count, long now) =>
        bucket.Take(pace, count, now) is var wait && wait > TimeSpan.Zero ? Refuse(bucket, lane, pace, count, wait, now) : null;

    private static AcceptRefusal Refuse(AcceptBucket bucket, Lane lane, AcceptPace pace, int count, TimeSpan wait, long now) =>
        new(lane, pace, count, bucket.Left(pace, now), wait, bucket.UntilFull(now));

    private AcceptBucket[] BucketsOf(string tenant) =>
        _tenants.GetOrAdd(tenant, static _ => [.. LaneNames.All.Select(_ => new AcceptBucket())]);

    private long Now() => time.GetElapsedTime(_start).Ticks * 100;
}
