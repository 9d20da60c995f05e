using Notify.Core.Channels;
using Notify.Core.Limits;

namespace Notify.Core.Deliveries.Routes;

/// <summary>One provider of a channel with all that decides whether it is called: breaker, rate limit, ramp, retry budget.</summary>
internal sealed class RouteMember<TMessage>
{
    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(60);
    private readonly IProvider<TMessage> _provider;
    private readonly RateLimiter _permits;
    private readonly RetryBudget _retries;
    private readonly Ramp _ramp;
    private readonly ProviderCondition _condition;
    private readonly TimeProvider _time;
    private readonly Action _freed;
    private readonly TimeSpan _lastCallWait;
    private readonly TimeSpan _maxBreak;
    private int _turnedAway;

    /// <param name="provider">The adapter.</param>
    /// <param name="permits">Its credential's.</param>
    /// <param name="options">Of its worker.</param>
    /// <param name="time">The clock.</param>
    /// <param name="jitter">From 0 to 1.</param>
    /// <param name="freed">Called when a call ends that others may have been told to wait for.</param>
    public RouteMember(IProvider<TMessage> provider, RateLimiter permits, DeliveryOptions options, TimeProvider time, Func<double> jitter, Action freed)
    {
        (_provider, _permits, _time, _freed) = (provider, permits, time, freed);
        (_lastCallWait, _maxBreak) = (options.RetryCeiling, options.Breaker.MaxBreak);
        _ramp = provider.Concurrency is { } working ? new Ramp(options.Breaker.SlowCall, time, working) : new Ramp(options.Breaker.SlowCall, time);
        _retries = new RetryBudget(options.RetryBudget, time);
        _condition = new ProviderCondition(options.Breaker.SlowCall, time);
        Breaker = new ProviderBreaker(options.Breaker, options.MisconfiguredWait, time, jitter);
        Breaker.Closed += _ramp.Start;
        Breaker.Closed += _condition.Back;
        Breaker.Broke += freed;   // the next of the route may take what a lane holds back for this one
    }

    public string Name => _provider.Name;

    public string Credential => _provider.Credential;

    public ProviderBreaker Breaker { get; }

    /// <summary>Works, but badly: another one is asked first.</summary>
    public bool IsTroubled => _condition.IsTroubled;

    /// <summary>Tried, or given more calls round by round: few at a time, whatever it can work on.</summary>
    public bool IsComingBack => Breaker.State != BreakerState.Closed || _ramp.IsActive;

    /// <summary>When it may be called again; null while nothing but permits stands in the way.</summary>
    public DateTimeOffset? PausedUntil
    {
        get
        {
            var now = _time.GetUtcNow();
            var until = Breaker.State == BreakerState.Open ? Breaker.OpenUntil : now;
            if (_permits.PausedUntil > until)
                until = _permits.PausedUntil.Value;
            return until > now ? until : null;
        }
    }

    public ProviderStanding Standing
    {
        get
        {
            var until = PausedUntil;
            var state = Breaker.State switch
            {
                BreakerState.Open => ProviderStanding.Open,
                BreakerState.HalfOpen => ProviderStanding.HalfOpen,
                _ => until is null ? ProviderStanding.Closed : ProviderStanding.Throttled,
            };
            return new(Name, Credential, state, state == ProviderStanding.Closed ? null : Breaker.Cause, Breaker.Since, until);
        }
    }

    /// <summary>Calls it can work on at a time; null where nothing of its own bounds them.</summary>
    public int? Concurrency => _provider.Concurrency;

    public bool CanSend(TMessage message) => _provider.CanSend(message);

    /// <summary>Takes the right to one call, or says what stands in the way.</summary>
    /// <param name="isRetry">Not the message's first call.</param>
    /// <param name="isCritical">Whether the reserve of permits is for it too.</param>
    /// <param name="entry">The right.</param>
    /// <param name="isLastCall">
    /// The message has no other call left. It does not spend it on finding out whether a broken provider works again, unless nobody else has for as long as the longest wait between retries.
    /// </param>
    public Obstacle? TryEnter(bool isRetry, bool isCritical, out Entry<TMessage> entry, bool isLastCall = false)
    {
        entry = default;
        if (PausedUntil is { } until)
            return new(ObstacleKind.Paused, until);
        if (isLastCall && Breaker.State == BreakerState.HalfOpen && _time.GetUtcNow() - Breaker.Since < _lastCallWait)
            return new(ObstacleKind.Paused, _time.GetUtcNow() + _maxBreak);
        var turnedAway = Volatile.Read(ref _turnedAway);
        if (!TryTakePlace(isCritical, out var place))
            return PausedUntil is { } since ? new(ObstacleKind.Paused, since) : new(ObstacleKind.Busy);   // it may have been opened since the look above, and then nobody says that it is free
        var spends = isRetry && !place.IsProbe && (_condition.IsTroubled || _condition.IsJustBack);
        if (spends && !_retries.TrySpend())
        {
            GiveUp(place, turnedAway);
            return new(ObstacleKind.RetriesUsedUp);
        }
        if (_permits.TryTake(1, isCritical) == 0)
        {
            if (spends)
                _retries.GiveBack();
            GiveUp(place, turnedAway);
            return PausedUntil is { } paused ? new(ObstacleKind.Paused, paused) : new(ObstacleKind.NoPermit, Permits: _permits);
        }
        if (!isRetry)
            _retries.Earn();
        entry = new(this, isCritical, spends, place.IsProbe, place.Round);
        return null;
    }

    /// <summary>The right was not used.</summary>
    public void Leave(Entry<TMessage> entry)
    {
        _permits.Return(1, entry.IsCritical);
        if (entry.SpentRetry)
            _retries.GiveBack();
        End(entry, succeeded: null);
    }

    /// <summary>Uses the right. Null where the breaker opened in the moment before: nothing was called.</summary>
    public async Task<Outcome?> CallAsync(Entry<TMessage> entry, TMessage message, TimeSpan limit, CancellationToken cutOff)
    {
        var started = _time.GetTimestamp();
        Outcome? outcome = null;
        try
        {
            outcome = await Breaker.CallAsync(() => CallAsync(message, limit, cutOff));
            if (outcome is { Kind: OutcomeKind.Throttled, ConcernsAddress: false })
                _permits.PauseUntil(_time.GetUtcNow() + (outcome.RetryAfter ?? DefaultPause));
            return outcome;
        }
        finally
        {
            bool? well = outcome is null ? null : outcome.ConcernsAddress || outcome.Kind is not (OutcomeKind.Transient or OutcomeKind.Ambiguous or OutcomeKind.Misconfigured or OutcomeKind.Throttled);
            if (well is { } succeeded)
                _condition.Record(!succeeded, _time.GetElapsedTime(started));
            else
                _permits.Return(1, entry.IsCritical);
            if (entry.SpentRetry && well is null)
                _retries.GiveBack();
            End(entry, well);
        }
    }

    /// <summary>A place among the few calls of a provider that is on its way back. Whoever gets none is counted and looks once more, or a place that is given up in between would free nobody.</summary>
    private bool TryTakePlace(bool isCritical, out (int Round, bool IsProbe) place)
    {
        if (TryTake(out place))
            return true;
        Interlocked.Increment(ref _turnedAway);
        return TryTake(out place);

        bool TryTake(out (int Round, bool IsProbe) place)
        {
            place = default;
            if (!_ramp.TryEnter(isCritical, out place.Round))
                return false;
            if (Breaker.TryEnter(out place.IsProbe))
                return true;
            _ramp.Leave(place.Round, null);   // somebody else tries it
            return false;
        }
    }

    /// <param name="place">It is not used after all.</param>
    /// <param name="turnedAway">How many had been turned away before it was taken. Only where there are more now is anybody woken: a lane that waits for a permit would wake itself for ever.</param>
    private void GiveUp((int Round, bool IsProbe) place, int turnedAway)
    {
        Breaker.Leave(place.IsProbe);
        _ramp.Leave(place.Round, null);
        if (Volatile.Read(ref _turnedAway) != turnedAway)
            _freed();
    }

    private void End(Entry<TMessage> entry, bool? succeeded)
    {
        var fewAtATime = entry.IsProbe || _ramp.IsActive;   // asked before: whoever was turned away was so by what ends here
        Breaker.Leave(entry.IsProbe);
        _ramp.Leave(entry.Round, succeeded);
        if (fewAtATime)
            _freed();
    }

    private async Task<Outcome> CallAsync(TMessage message, TimeSpan limit, CancellationToken cutOff)
    {
        using var over = new CancellationTokenSource(limit, _time);
        using var stopping = cutOff.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), over);
        try
        {
            return await _provider.SendAsync(message, over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return cutOff.IsCancellationRequested
                ? new Outcome(OutcomeKind.Ambiguous, Code: "stopped", Detail: "The worker stopped before the provider answered.")
                : new Outcome(OutcomeKind.Ambiguous, Code: "timeout", Detail: "The provider did not answer in time.");
        }
#pragma warning disable CA1031 // One of the three places where faults are caught: what an adapter did not foresee may have been sent.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return new Outcome(OutcomeKind.Ambiguous, Code: fault.GetType().Name, Detail: "The adapter failed in a way it did not foresee.");
        }
    }
}
