using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Providers;
using Notify.Sending.Adapters;
using Notify.Sending.Http;
using Notify.Sending.Limits;

namespace Notify.Sending.Providers;

/// <summary>One provider of a channel with all that decides whether it is called: breaker, rate limit, places, retry budget.</summary>
internal sealed class ProviderAccount<TMessage> : IAccount
{
    private readonly IProvider<TMessage> _provider;
    private readonly RateLimiter _permits;
    private readonly RetryBudget _retries;
    private readonly Ramp _ramp;
    private readonly OverdueCalls _calls;
    private readonly CallPlaces _places;
    private readonly ProviderCondition _condition;
    private readonly TimeProvider _time;
    private readonly TimeSpan _lastCallWait;
    private readonly TimeSpan _maxBreak;
    private readonly RestingScopes _scopes;
    private readonly AnswerPauses _pauses;

    /// <param name="provider">The adapter.</param>
    /// <param name="permits">Its credential's.</param>
    /// <param name="options">Of its worker.</param>
    /// <param name="time">The clock.</param>
    /// <param name="jitter">From 0 to 1.</param>
    /// <param name="freed">Called when a call ends that others may have been told to wait for.</param>
    public ProviderAccount(
        IProvider<TMessage> provider,
        RateLimiter permits,
        DeliveryOptions options,
        TimeProvider time,
        Func<double> jitter,
        Action freed
    )
    {
        (_provider, _permits, _time) = (provider, permits, time);
        (_lastCallWait, _maxBreak) = (options.RetryCeiling, options.Breaker.MaxBreak);
        _scopes = new RestingScopes(time, options.RetryBase);
        _ramp = provider.Concurrency is { } working
            ? new Ramp(options.Breaker.SlowCall, time, working)
            : new Ramp(options.Breaker.SlowCall, time);
        _pauses = new AnswerPauses(permits, _scopes, _ramp, options.MisconfiguredWait, time);
        _retries = new RetryBudget(options.RetryBudget, time);
        _condition = new ProviderCondition(options.Breaker.SlowCall, time);
        _calls = new OverdueCalls(options.Breaker.SlowCall, time, freed);
        Breaker = new ProviderBreaker(options.Breaker, options.MisconfiguredWait, time, jitter);
        Breaker.Closed += _ramp.Start;
        Breaker.Closed += _condition.Back;
        Breaker.Broke += freed; // the next of the providers may take what a lane holds back for this one
        _places = new CallPlaces(Breaker, _ramp, _calls, freed);
    }

    public string Name => _provider.Name;

    public string Credential => _provider.Credential;

    public ProviderBreaker Breaker { get; }

    /// <summary>Works, but badly: another one is asked first.</summary>
    public bool IsTroubled => _condition.IsTroubled;

    /// <summary>
    /// Has fallen silent: its calls are overdue, and another one is asked as long as there is one, except for a try now and then.
    /// </summary>
    public bool IsAvoided => _calls.IsAvoided;

    /// <summary>Has fallen silent: the calls that it has are not to take others' room.</summary>
    public bool IsSilent => _calls.IsSilent;

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

    public ProviderStanding Standing => ProviderStandings.Of(Name, Credential, Breaker, PausedUntil, _scopes.All, _calls);

    /// <summary>Calls it can work on at a time; null where nothing of its own bounds them.</summary>
    public int? Concurrency => _provider.Concurrency;

    public bool CanSend(DeliveryTarget target) => _provider.CanSend(target);

    /// <summary>Whether what messages to this target belong to is refused for now.</summary>
    public bool RestsFor(DeliveryTarget target) => _scopes.Any && _scopes.Rests(_provider.ScopesOf(target));

    /// <summary>Takes the right to one call to this target, or says what stands in the way.</summary>
    public Obstacle? TryEnter(DeliveryTarget target, bool isRetry, bool isCritical, out Entry entry, bool isLastCall = false)
    {
        if (!_scopes.Any)
            return TryEnter(isRetry, isCritical, out entry, isLastCall);
        entry = default;
        if (!_scopes.TryEnter(_provider.ScopesOf(target), mayTry: Breaker.State == BreakerState.Closed, out var tried, out var rests))
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
    /// The message has no other call left. It does not spend it on finding out whether a broken provider works again, unless nobody else
    /// has for as long as the longest wait between retries.
    /// </param>
    public Obstacle? TryEnter(bool isRetry, bool isCritical, out Entry entry, bool isLastCall = false)
    {
        entry = default;
        if (PausedUntil is { } until)
            return new(ObstacleKind.Paused, until);
        if (isLastCall && Breaker.State == BreakerState.HalfOpen && _time.GetUtcNow() - Breaker.Since < _lastCallWait)
            return new(ObstacleKind.Paused, _time.GetUtcNow() + _maxBreak);
        var turnedAway = _places.TurnedAway;
        if (!_places.TryTake(isCritical, out var place))
        {
            // The breaker may have opened since the look above, and then nobody says that the provider is free.
            return PausedUntil is { } since ? new(ObstacleKind.Paused, since) : new(ObstacleKind.Busy, _calls.NextTry);
        }
        var spends = isRetry && !place.IsProbe && (_condition.IsTroubled || _condition.IsJustBack);
        if (spends && !_retries.TrySpend())
        {
            _places.GiveUp(place, turnedAway);
            return new(ObstacleKind.RetriesUsedUp);
        }
        if (_permits.TryTake(1, isCritical) == 0)
        {
            if (spends)
                _retries.GiveBack();
            _places.GiveUp(place, turnedAway);
            return PausedUntil is { } paused ? new(ObstacleKind.Paused, paused) : new(ObstacleKind.NoPermit) { Permits = _permits };
        }
        if (!isRetry)
            _retries.Earn();
        entry = new(this)
        {
            IsCritical = isCritical,
            SpentRetry = spends,
            Place = place,
        };
        return null;
    }

    /// <summary>The right was not used.</summary>
    public void Leave(Entry entry)
    {
        _permits.Return(1, entry.IsCritical);
        if (entry.SpentRetry)
            _retries.GiveBack();
        End(entry, succeeded: null);
    }

    /// <summary>Uses the right. Null where the breaker opened in the moment before: nothing was called.</summary>
    public async Task<Outcome?> CallAsync(Entry entry, DeliveryTarget target, TMessage message, TimeSpan limit, CancellationToken cutOff)
    {
        var started = _time.GetTimestamp();
        Outcome? outcome = null;
        try
        {
            outcome = await Breaker.CallAsync(async () => _scopes.Widened(await CallAsync(message, limit, cutOff)));
            if (outcome is not null)
                outcome = _pauses.After(outcome, _provider, target);
            return outcome;
        }
        finally
        {
            bool? well = outcome is null ? null : ProviderCall.SaysNothingAgainst(outcome);
            if (well is { } succeeded)
                _condition.Record(!succeeded, _time.GetElapsedTime(started));
            else
                _permits.Return(1, entry.IsCritical);
            if (entry.SpentRetry && well is null)
                _retries.GiveBack();
            End(entry, well);
        }
    }

    private void End(Entry entry, bool? succeeded)
    {
        _scopes.End(entry.Tried);
        _places.End(entry.Place, succeeded);
    }

    private async Task<Outcome> CallAsync(TMessage message, TimeSpan limit, CancellationToken cutOff)
    {
        var call = _calls.Begin();
        var outcome = await ProviderCall.MakeAsync(_provider, message, limit, _time, cutOff);
        _calls.End(call, ProviderCall.IsAnswer(outcome));
        return outcome;
    }
}
