using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Providers;
using Notify.Sending.Adapters;
using Notify.Sending.Http;
using Notify.Sending.Limits;

namespace Notify.Sending.Providers;

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
    private readonly TimeSpan _misconfiguredWait;
    private readonly RestingScopes _scopes;
    private readonly Lock _growing = new();
    private int _turnedAway;
    private int _throttledInARow;
    private DateTimeOffset _grownUntil;

    /// <param name="provider">The adapter.</param>
    /// <param name="permits">Its credential's.</param>
    /// <param name="options">Of its worker.</param>
    /// <param name="time">The clock.</param>
    /// <param name="jitter">From 0 to 1.</param>
    /// <param name="freed">Called when a call ends that others may have been told to wait for.</param>
    public RouteMember(IProvider<TMessage> provider, RateLimiter permits, DeliveryOptions options, TimeProvider time, Func<double> jitter, Action freed)
    {
        (_provider, _permits, _time, _freed) = (provider, permits, time, freed);
        (_lastCallWait, _maxBreak, _misconfiguredWait) = (options.RetryCeiling, options.Breaker.MaxBreak, options.MisconfiguredWait);
        _scopes = new RestingScopes(time, options.RetryBase);
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
            var resting = _scopes.All;
            var state = Breaker.State switch
            {
                BreakerState.Open => ProviderStanding.Open,
                BreakerState.HalfOpen => ProviderStanding.HalfOpen,
                _ when until is not null => ProviderStanding.Throttled,
                _ => resting.Count == 0 ? ProviderStanding.Closed : ProviderStanding.Partial,
            };
            ProviderStanding standing = state switch
            {
                ProviderStanding.Partial => new(Name, Credential, state, CauseOf(resting), resting[0].Since, resting.Min(one => one.Until)),
                ProviderStanding.Closed => new(Name, Credential, state, null, Breaker.Since, until),
                _ => new(Name, Credential, state, Breaker.Cause, Breaker.Since, until),
            };
            return standing with { RestingScopes = resting.Count };
        }
    }

    /// <summary>Calls it can work on at a time; null where nothing of its own bounds them.</summary>
    public int? Concurrency => _provider.Concurrency;

    public bool CanSend(TMessage message) => _provider.CanSend(message);

    /// <summary>Whether what this message belongs to is refused for now.</summary>
    public bool RestsFor(TMessage message) => _scopes.Any && _scopes.Rests(_provider.ScopesOf(message));

    /// <summary>Takes the right to one call for this message, or says what stands in the way.</summary>
    public Obstacle? TryEnter(TMessage message, bool isRetry, bool isCritical, out Entry<TMessage> entry, bool isLastCall = false)
    {
        if (!_scopes.Any)
            return TryEnter(isRetry, isCritical, out entry, isLastCall);
        entry = default;
        if (!_scopes.TryEnter(_provider.ScopesOf(message), mayTry: Breaker.State == BreakerState.Closed, out var tried, out var rests))
            return rests;
        var obstacle = TryEnter(isRetry, isCritical, out entry, isLastCall);
        if (obstacle is null)
            entry = entry with { Tried = tried };
        else
            _scopes.End(tried);
        return obstacle;
    }

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
            outcome = await Breaker.CallAsync(async () => _scopes.Widened(await CallAsync(message, limit, cutOff)));
            if (outcome is not null)
                outcome = Rest(outcome, message);
            return outcome;
        }
        finally
        {
            bool? well = outcome is null ? null : SaysNothingAgainst(outcome);
            if (well is { } succeeded)
                _condition.Record(!succeeded, _time.GetElapsedTime(started));
            else
                _permits.Return(1, entry.IsCritical);
            if (entry.SpentRetry && well is null)
                _retries.GiveBack();
            End(entry, well);
        }
    }

    /// <summary>Lets rest what the answer concerns, or nothing any more that the message belongs to.</summary>
    private Outcome Rest(Outcome outcome, TMessage message)
    {
        switch (outcome)
        {
            case { ConcernsAddress: true }:
                break;
            case { Kind: OutcomeKind.Throttled }:
                if (outcome.Schedule is { } growing)
                    outcome = outcome with { RetryAfter = GrownPause(growing, outcome) };
                var pause = outcome.RetryAfter ?? DefaultPause;
                if (outcome.Scope is not null)
                    _scopes.Rest(outcome, pause);
                else
                    _permits.PauseUntil(_time.GetUtcNow() + pause);
                break;
            case { Kind: OutcomeKind.Misconfigured, Scope: not null }:
                _scopes.Rest(outcome, outcome.RetryAfter ?? _misconfiguredWait);
                break;
            case { Kind: OutcomeKind.Sent or OutcomeKind.Permanent or OutcomeKind.DeadAddress or OutcomeKind.OptedOut }:
                if (Volatile.Read(ref _throttledInARow) != 0)
                    Volatile.Write(ref _throttledInARow, 0);
                if (_scopes.Any)
                    _scopes.Clear(_provider.ScopesOf(message));   // whoever refuses a recipient has accepted the sender
                break;
        }
        return outcome;
    }

    /// <summary>
    /// Twice as long each time until a message is taken, and few calls at a time then: the rate was too high. Answers to calls that were
    /// under way with the first say nothing new.
    /// </summary>
    private TimeSpan GrownPause(RetrySchedule growing, Outcome outcome)
    {
        lock (_growing)
        {
            var now = _time.GetUtcNow();
            if (now < _grownUntil)
                return _grownUntil - now;
            var wait = (outcome.RetryAfter ?? growing.Floor) * Math.Pow(2, Math.Min(_throttledInARow++, 20));
            if (wait > growing.Ceiling)
                wait = growing.Ceiling;
            _grownUntil = now + wait;
            if (outcome.Scope is null)
                _ramp.Start();
            return wait;
        }
    }

    private static string CauseOf(IReadOnlyList<RestingScope> resting) =>
        string.Join(", ", resting.Take(3).Select(scope => $"{scope.Cause} for {scope.Name}"))
            + (resting.Count > 3 ? $" and {resting.Count - 3} more" : "");

    /// <summary>Whether the provider is well, as far as this answer tells.</summary>
    private static bool SaysNothingAgainst(Outcome outcome) =>
        outcome.ConcernsAddress || outcome.Scope is not null
            || outcome.Kind is not (OutcomeKind.Transient or OutcomeKind.Ambiguous or OutcomeKind.Misconfigured or OutcomeKind.Throttled);

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
        _scopes.End(entry.Tried);
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
