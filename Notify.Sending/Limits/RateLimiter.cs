using Notify.Core.Channels;
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
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(500); // of a Redis that was away
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1); // for other replicas' pauses, where nothing else is asked
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1); // then look again; timers have a limit

    // a pause that comes back from Redis is later by a round trip
    private static readonly TimeSpan SamePause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly PermitPools _pools;
    private readonly BucketShape _shape;
    private readonly BucketShape _localShape;
    private readonly BucketServer _server;
    private readonly LimitMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly string _provider;
    private readonly long _origin;

    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _asking;
    private ITimer? _expiry;
    private TimeSpan _standardFrom; // not to be asked for before
    private TimeSpan _criticalFrom;
    private DateTimeOffset? _pausedUntil;
    private bool _pauseIsNews;
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
        _provider = provider;
        Key = key;
        _server = server;
        _metrics = metrics;
        _time = time;
        _origin = time.GetTimestamp();
        _shape = limit is null ? BucketShape.Unlimited : BucketShape.Shared(limit, options);
        _localShape = limit is null ? BucketShape.Unlimited : BucketShape.Local(limit, options);
        _pools = new(options.LeaseLifetime);
    }

    /// <summary>Where its bucket stands in Redis.</summary>
    internal string Key { get; }

    internal bool IsLocal
    {
        get
        {
            lock (_lock)
                return _pools.IsLocal;
        }
    }

    /// <summary>When the provider's own wait is over; null where there is none, or it has passed.</summary>
    public DateTimeOffset? PausedUntil
    {
        get
        {
            lock (_lock)
                return PauseLeft() > TimeSpan.Zero ? _pausedUntil : null;
        }
    }

    private bool IsUnlimited => _shape.PerSecond == 0;

    private TimeSpan Now => _time.GetElapsedTime(_origin);

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
            if (!_disposed && PauseLeft() <= TimeSpan.Zero)
            {
                var now = Now;
                given = IsUnlimited ? wanted : _pools.Take(wanted, critical, now);
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
        if (count == 0 || IsUnlimited)
            return;
        lock (_lock)
        {
            if (_disposed)
                return;
            _pools.Return(count, critical, Now);
            SetExpiry();
            SignalChange();
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
                var now = Now;
                wait = PauseLeft();
                if (wait <= TimeSpan.Zero)
                {
                    if (IsUnlimited || _pools.Has(critical, now))
                        return;
                    AskWhenLow(critical, now);
                    wait = UntilChance(critical, now);
                }
                changed = _changed.Task;
            }
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(changed, Task.Delay(RoundUp(wait), _time, ended.Token));
            await ended.CancelAsync();
        }
    }

    /// <summary>The provider said wait: nothing is given before that time; of several the latest holds. The other replicas hear of it when
    /// they ask for permits next, best effort.</summary>
    public void PauseUntil(DateTimeOffset time)
    {
        lock (_lock)
        {
            if (_disposed || time <= _time.GetUtcNow() || time <= _pausedUntil)
                return;
            _pausedUntil = time;
            _pauseIsNews = true;
            if (_asking is null)
                Ask(0, 0);
            SignalChange();
        }
    }

    /// <summary>Gives unused permits back, best effort.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? asking;
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            _expiry?.Dispose();
            asking = _asking;
            SignalChange();
        }
        if (asking is not null)
            await asking;
        BucketRequest last;
        lock (_lock)
        {
            if (_pools.IsLocal)
            {
                _metrics.Local(_provider, -1);
                return;
            }
            last = Request(0, 0, _pools.TakeAll());
        }
        if (last.Back > 0 || last.Pause > TimeSpan.Zero)
            await _server.AskAsync(Key, _shape, last);
    }

    /// <summary>One question is under way at a time; it is put before the pool is empty, and not again before the server's bucket can have
    /// an answer.</summary>
    private void AskWhenLow(bool critical, TimeSpan now)
    {
        var low = IsUnlimited || _pools.Leased(critical) * 2 < _shape.Lease;
        if (_asking is null && low && now >= (critical ? _criticalFrom : _standardFrom))
            Ask(critical ? 0 : _shape.Lease, critical ? _shape.Lease : 0);
    }

    private void Ask(int standard, int critical) => _asking = Task.Run(() => AskAsync(standard, critical));

    private async Task AskAsync(int standard, int critical)
    {
        BucketRequest request;
        lock (_lock)
            request = Request(standard, critical, _pools.TakeExpired());
        var answer = await _server.AskAsync(Key, _shape, request);
        lock (_lock)
        {
            _asking = null;
            if (answer is null)
                GoLocal(request);
            else
                Accept(answer, request);
            SetExpiry();
            if (answer is not null && (_pauseIsNews || _pools.HasExpired) && !_disposed)
                Ask(0, 0);
            SignalChange();
        }
    }

    private BucketRequest Request(int standard, int critical, int back)
    {
        var pause = _pauseIsNews ? TimeSpan.FromTicks(Math.Max(0, PauseLeft().Ticks)) : TimeSpan.Zero;
        _pauseIsNews = false;
        return new(standard, critical, back, pause);
    }

    private void Accept(BucketAnswer answer, BucketRequest request)
    {
        var now = Now;
        if (_pools.IsLocal)
            _metrics.Local(_provider, -1);
        _pools.GoShared();
        if (answer.Standard + answer.Critical > 0)
            _metrics.Leased(_provider);
        _pools.Add(answer.Standard, critical: false, now);
        _pools.Add(answer.Critical, critical: true, now);
        if (IsUnlimited)
            _standardFrom = _criticalFrom = now + LookInterval;
        else if (request.Standard > 0)
            _standardFrom = answer.Standard < request.Standard ? now + RoundUp(answer.StandardWait) : now;
        else if (request.Critical > 0)
            _criticalFrom = answer.Critical < request.Critical ? now + RoundUp(answer.CriticalWait) : now;
        else if (request.Back > 0)
            _standardFrom = _criticalFrom = now; // what went back can be had again
        var pausedUntil = _time.GetUtcNow() + answer.Pause;
        if (answer.Pause > TimeSpan.Zero && (_pausedUntil is null || pausedUntil - _pausedUntil > SamePause))
            _pausedUntil = pausedUntil;
    }

    /// <summary>Redis did not answer: what it may have given is lost, and what was to go back does not go later, when the bucket may have
    /// refilled without it.</summary>
    private void GoLocal(BucketRequest request)
    {
        var now = Now;
        _pauseIsNews |= request.Pause > TimeSpan.Zero;
        _standardFrom = _criticalFrom = now + ProbeInterval;
        _pools.TakeExpired();
        if (_pools.IsLocal || IsUnlimited)
            return;
        _pools.GoLocal(_localShape, now);
        _metrics.Local(_provider, 1);
    }

    private void GiveBackExpired()
    {
        lock (_lock)
        {
            _pools.Expire(Now);
            if (_pools.HasExpired && _asking is null && !_disposed) // else they go when that question is answered
                Ask(0, 0);
            SetExpiry();
        }
    }

    private void SetExpiry()
    {
        if (_disposed || _pools.NextExpiry is not { } due)
            return;
        _expiry ??= _time.CreateTimer(_ => GiveBackExpired(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _expiry.Change(RoundUp(due - Now), Timeout.InfiniteTimeSpan);
    }

    private TimeSpan UntilChance(bool critical, TimeSpan now)
    {
        var wait = _asking is null ? (critical ? _criticalFrom : _standardFrom) - now : LongestWait; // the answer is a change
        var local = _pools.WaitForLocal(critical, now) ?? LongestWait;
        return wait < local ? wait : local;
    }

    private TimeSpan PauseLeft() => _pausedUntil is { } until ? until - _time.GetUtcNow() : TimeSpan.Zero;

    private void SignalChange()
    {
        _changed.SetResult();
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Timers drop fractions of a millisecond, and would come a little too early.</summary>
    private static TimeSpan RoundUp(TimeSpan wait) =>
        TimeSpan.FromMilliseconds(Math.Ceiling(Math.Clamp(wait.TotalMilliseconds, 0, LongestWait.TotalMilliseconds)));
}
