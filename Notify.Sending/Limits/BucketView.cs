using Notify.Sending.Adapters;

namespace Notify.Sending.Limits;

/// <summary>
/// What this process holds of a credential's bucket in Redis, and when asking for more is worth while: its leases, its own part of the rate
/// while Redis is away, and the provider's pause. Without I/O, and not safe for concurrent use: <see cref="RateLimiter"/> has both.
/// </summary>
internal sealed class BucketView
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(500); // of a Redis that was away
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1); // then look again; timers have a limit
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1); // for other replicas' pauses, where nothing else is asked

    // a pause that comes back from Redis is later by a round trip
    private static readonly TimeSpan SamePause = TimeSpan.FromMilliseconds(100);

    private readonly PermitPools _pools;
    private readonly BucketShape _localShape;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private TimeSpan _standardFrom; // not to be asked for before
    private TimeSpan _criticalFrom;
    private long _pausedUntil; // in ticks of UTC, so that it is read without the lock
    private bool _pauseIsNews;

    public BucketView(RateLimit? limit, LimitOptions options, TimeProvider time)
    {
        _time = time;
        _origin = time.GetTimestamp();
        Shape = limit is null ? BucketShape.Unlimited : BucketShape.Shared(limit, options);
        _localShape = limit is null ? BucketShape.Unlimited : BucketShape.Local(limit, options);
        _pools = new(options.LeaseLifetime);
    }

    public BucketShape Shape { get; }

    public bool IsUnlimited => Shape.PerSecond == 0;

    /// <summary>Whether Redis is away, and the process keeps to its own part of the rate.</summary>
    public bool IsLocal => _pools.IsLocal;

    public TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>When the provider's own wait is over; null where there is none, or it has passed. Safe to ask at any time.</summary>
    public DateTimeOffset? PausedUntil
    {
        get
        {
            var until = Volatile.Read(ref _pausedUntil);
            return until != 0 && until > _time.GetUtcNow().UtcTicks ? new(until, TimeSpan.Zero) : null;
        }
    }

    /// <summary>How long the provider's own wait lasts; zero where there is none.</summary>
    public TimeSpan PauseLeft => PausedUntil is { } until ? Positive(until - _time.GetUtcNow()) : TimeSpan.Zero;

    /// <summary>Whether Redis should hear of something though no permits are wanted.</summary>
    public bool HasNews => _pauseIsNews || _pools.HasExpired;

    /// <summary>When the next permit goes back, where there is one.</summary>
    public TimeSpan? NextExpiry => _pools.NextExpiry;

    public int Take(int wanted, bool critical, TimeSpan now) => IsUnlimited ? wanted : _pools.Take(wanted, critical, now);

    public void Return(int count, bool critical, TimeSpan now) => _pools.Return(count, critical, now);

    public bool Has(bool critical, TimeSpan now) => IsUnlimited || _pools.Has(critical, now);

    /// <summary>False where a pause that is known lasts as long.</summary>
    public bool TryPauseUntil(DateTimeOffset until)
    {
        if (until <= _time.GetUtcNow() || until.UtcTicks <= _pausedUntil)
            return false;
        Volatile.Write(ref _pausedUntil, until.UtcTicks);
        return _pauseIsNews = true;
    }

    /// <summary>Sets aside what was not used in time; whether anything waits to go back.</summary>
    public bool Expire(TimeSpan now)
    {
        _pools.Expire(now);
        return _pools.HasExpired;
    }

    /// <summary>Whether to ask: before the leases are used up, and not again before the server's bucket can have an answer.</summary>
    public bool ShouldAsk(bool critical, TimeSpan now) =>
        (IsUnlimited || _pools.Leased(critical) * 2 < Shape.Lease) && now >= (critical ? _criticalFrom : _standardFrom);

    /// <summary>What to say to the bucket now. What goes with it is not said again.</summary>
    public BucketRequest Question(int standard, int critical) => Question(standard, critical, _pools.TakeExpired());

    /// <summary>As <see cref="Question(int, int)"/>, with all unused permits going back.</summary>
    public BucketRequest LastQuestion() => Question(0, 0, _pools.TakeAll());

    public void Answered(BucketAnswer answer, BucketRequest request)
    {
        var now = Now;
        _pools.GoShared();
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
        var pausedUntil = (_time.GetUtcNow() + answer.Pause).UtcTicks;
        if (answer.Pause > TimeSpan.Zero && pausedUntil - _pausedUntil > SamePause.Ticks)
            Volatile.Write(ref _pausedUntil, pausedUntil);
    }

    /// <summary>Redis did not answer: what it may have given is lost, and what was to go back does not go later, when the bucket may have
    /// refilled without it.</summary>
    public void NotAnswered(BucketRequest request)
    {
        var now = Now;
        _pauseIsNews |= request.Pause > TimeSpan.Zero;
        _standardFrom = _criticalFrom = now + ProbeInterval;
        _pools.TakeExpired();
        if (!IsUnlimited)
            _pools.GoLocal(_localShape, now);
    }

    /// <summary>How long until a take is worth while, as far as time alone decides.</summary>
    /// <param name="critical">Of which kind.</param>
    /// <param name="isAsking">Whether a question is under way: its answer is not a matter of time.</param>
    /// <param name="now">The present.</param>
    public TimeSpan UntilChance(bool critical, bool isAsking, TimeSpan now)
    {
        var wait = isAsking ? LongestWait : (critical ? _criticalFrom : _standardFrom) - now;
        var local = _pools.WaitForLocal(critical, now) ?? LongestWait;
        return wait < local ? wait : local;
    }

    /// <summary>Timers drop fractions of a millisecond, and would come a little too early.</summary>
    public static TimeSpan RoundUp(TimeSpan wait) =>
        TimeSpan.FromMilliseconds(Math.Ceiling(Math.Clamp(wait.TotalMilliseconds, 0, LongestWait.TotalMilliseconds)));

    private BucketRequest Question(int standard, int critical, int back)
    {
        var pause = _pauseIsNews ? PauseLeft : TimeSpan.Zero;
        _pauseIsNews = false;
        return new(standard, critical, back, pause);
    }

    private static TimeSpan Positive(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
}
