using Notify.Core.Messaging;
using Notify.Sending.Adapters;

namespace Notify.Sending.Limits;

/// <summary>
/// Permits of one provider credential in this process. They come from a token bucket in Redis that all replicas share, a lease at a time
/// and ahead of need, so that a steady sender never waits for a round trip. A permit counts when it leaves the bucket, so replicas together
/// cannot take more than rate × time + burst; one that is not used within <see cref="LimitOptions.LeaseTime"/> × 2 goes back. While Redis
/// is away, the process keeps to <see cref="LimitOptions.LocalFraction"/> of the rate.
/// </summary>
public sealed class RateLimiter : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly LaneSignal _changed = new();
    private readonly BucketView _bucket;
    private readonly BucketServer _server;
    private readonly LimitMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly string _provider;
    private Task? _asking;
    private ITimer? _expiry;
    private bool _disposed;

    internal RateLimiter(
        string provider,
        string key,
        RateLimit? limit,
        LimitOptions options,
        BucketServer server,
        LimitMetrics metrics,
        TimeProvider time
    )
    {
        (_provider, Key, _server, _metrics, _time) = (provider, key, server, metrics, time);
        _bucket = new(limit, options, time);
    }

    /// <summary>Where its bucket stands in Redis.</summary>
    internal string Key { get; }

    internal bool IsLocal => _bucket.IsLocal;

    /// <summary>When the provider's own wait is over; null where there is none, or it has passed.</summary>
    public DateTimeOffset? PausedUntil => _bucket.PausedUntil;

    /// <summary>0 to <paramref name="wanted"/> permits, at once and without I/O. Critical messages may take all there are, others leave the
    /// reserve.</summary>
    public int TryTake(int wanted, bool critical)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(wanted);
        if (wanted == 0)
            return 0;
        var given = 0;
        lock (_lock)
        {
            if (!_disposed && _bucket.PauseLeft <= TimeSpan.Zero)
            {
                var now = _bucket.Now;
                given = _bucket.Take(wanted, critical, now);
                AskWhenLow(critical, now);
            }
        }
        _metrics.Asked(_provider, critical, given, wanted - given);
        return given;
    }

    /// <summary>Gives back permits that were taken and not used.</summary>
    public void Return(int count, bool critical)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count == 0 || _bucket.IsUnlimited || _disposed)
            return;
        lock (_lock)
        {
            _bucket.Return(count, critical, _bucket.Now);
            SetExpiry();
            _changed.Set();
        }
    }

    /// <summary>Ends when a <see cref="TryTake"/> of one has a chance again; another taker may be quicker.</summary>
    public async Task WaitAsync(bool critical, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task changed;
            TimeSpan wait;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                var now = _bucket.Now;
                wait = _bucket.PauseLeft;
                if (wait <= TimeSpan.Zero)
                {
                    if (_bucket.Has(critical, now))
                        return;
                    AskWhenLow(critical, now);
                    wait = _bucket.UntilChance(critical, isAsking: _asking is not null, now);
                }
                changed = _changed.Next;
            }
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(changed, Task.Delay(BucketView.RoundUp(wait), _time, ended.Token));
            await ended.CancelAsync();
        }
    }

    /// <summary>The provider said wait: nothing is given before that time; of several the latest holds. The other replicas hear of it when
    /// they ask for permits next, best effort.</summary>
    public void PauseUntil(DateTimeOffset time)
    {
        lock (_lock)
        {
            if (_disposed || !_bucket.TryPauseUntil(time))
                return;
            if (_asking is null)
                Ask(0, 0);
            _changed.Set();
        }
    }

    /// <summary>Gives unused permits back, best effort.</summary>
    public async ValueTask DisposeAsync()
    {
        Task asking;
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            _expiry?.Dispose();
            asking = _asking ?? Task.CompletedTask;
            _changed.Set();
        }
        await asking;
        BucketRequest last;
        lock (_lock)
        {
            if (_bucket.IsLocal)
            {
                _metrics.Answered(_provider, wasLocal: true, isLocal: false, isLease: false);
                return;
            }
            last = _bucket.LastQuestion();
        }
        if (last.Back > 0 || last.Pause > TimeSpan.Zero)
            await _server.AskAsync(Key, _bucket.Shape, last);
    }

    /// <summary>One question is under way at a time.</summary>
    private void AskWhenLow(bool critical, TimeSpan now)
    {
        if (_asking is null && _bucket.ShouldAsk(critical, now))
            Ask(critical ? 0 : _bucket.Shape.Lease, critical ? _bucket.Shape.Lease : 0);
    }

    private void Ask(int standard, int critical) => _asking = Task.Run(() => AskAsync(standard, critical));

    private async Task AskAsync(int standard, int critical)
    {
        BucketRequest request;
        lock (_lock)
            request = _bucket.Question(standard, critical);
        var answer = await _server.AskAsync(Key, _bucket.Shape, request);
        lock (_lock)
        {
            _asking = null;
            var wasLocal = _bucket.IsLocal;
            if (answer is null)
                _bucket.NotAnswered(request);
            else
                _bucket.Answered(answer, request);
            _metrics.Answered(_provider, wasLocal, _bucket.IsLocal, isLease: answer is { Standard: > 0 } or { Critical: > 0 });
            SetExpiry();
            if (answer is not null && _bucket.HasNews && !_disposed)
                Ask(0, 0);
            _changed.Set();
        }
    }

    private void GiveBackExpired()
    {
        lock (_lock)
        {
            if (_bucket.Expire(_bucket.Now) && _asking is null && !_disposed) // else they go when that question is answered
                Ask(0, 0);
            SetExpiry();
        }
    }

    private void SetExpiry()
    {
        if (_disposed || _bucket.NextExpiry is not { } due)
            return;
        _expiry ??= _time.CreateTimer(_ => GiveBackExpired(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _expiry.Change(BucketView.RoundUp(due - _bucket.Now), Timeout.InfiniteTimeSpan);
    }
}
