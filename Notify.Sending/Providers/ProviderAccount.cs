using Notify.Core.Channels;
using Notify.Core.Providers;
using Notify.Sending.Adapters;
using Notify.Sending.Limits;

namespace Notify.Sending.Providers;

/// <summary>
/// One account at a provider with all that decides whether it is called: its health, its rate limit, its scopes that rest, and its budget
/// for retries.
/// </summary>
internal sealed class ProviderAccount<TMessage> : IAccount
{
    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(60);
    private readonly IProvider<TMessage> _provider;
    private readonly RateLimiter _permits;
    private readonly DeliveryOptions _options;
    private readonly TimeProvider _time;
    private readonly Action _freed;
    private readonly ProviderHealth _health;
    private readonly RetryBudget _retries;
    private readonly RestingScopes _scopes;
    private readonly CallLimits _limits;

    /// <param name="provider">The adapter.</param>
    /// <param name="permits">Its credential's.</param>
    /// <param name="options">Of its worker.</param>
    /// <param name="time">The clock.</param>
    /// <param name="freed">Called when a call ends that others may have been told to wait for.</param>
    public ProviderAccount(IProvider<TMessage> provider, RateLimiter permits, DeliveryOptions options, TimeProvider time, Action freed)
    {
        (_provider, _permits, _options, _time, _freed) = (provider, permits, options, time, freed);
        _health = new(
            new(options.Breaker, options.MisconfiguredWait, provider.Concurrency ?? HealthSettings.ManyCalls),
            time,
            Jitter.Next,
            freed
        );
        (_scopes, _limits, _retries) = (new(time, options.RetryBase), new(time), new(options.RetryBudget, time));
    }

    public string Name => _provider.Name;

    public string Credential => _provider.Credential;

    /// <inheritdoc cref="ProviderHealth.IsTroubled"/>
    public bool IsTroubled => _health.IsTroubled;

    /// <inheritdoc cref="ProviderHealth.IsAvoided"/>
    public bool IsAvoided => _health.IsAvoided;

    /// <inheritdoc cref="ProviderHealth.IsSilent"/>
    public bool IsSilent => _health.IsSilent;

    /// <inheritdoc cref="ProviderHealth.IsComingBack"/>
    public bool IsComingBack => _health.IsComingBack;

    /// <summary>When it may be called again; null while nothing but permits stands in the way.</summary>
    public DateTimeOffset? PausedUntil
    {
        get
        {
            var paused = _permits.PausedUntil;
            return _health.OpenFor is { } wait && _time.GetUtcNow() + wait is var until && !(paused > until) ? until : paused;
        }
    }

    public ProviderStanding Standing => ProviderStandings.Of(Name, Credential, _health.View, PausedUntil, _scopes.All);

    /// <summary>Calls it can work on at a time; null where nothing of its own bounds them.</summary>
    public int? Concurrency => _provider.Concurrency;

    public bool CanSend(DeliveryTarget target) => _provider.CanSend(target);

    /// <summary>Whether what a message to this target belongs to is refused for now.</summary>
    public bool RestsFor(DeliveryTarget target) => _scopes.Any && _scopes.Rests(_provider.ScopesOf(target));

    /// <summary>Takes the right to one call to this target, or says what stands in the way.</summary>
    public Obstacle? TryEnter(DeliveryTarget target, bool isRetry, bool isCritical, out Entry entry, bool isLastCall = false)
    {
        if (!_scopes.Any)
            return TryEnter(isRetry, isCritical, out entry, isLastCall);
        entry = default;
        if (!_scopes.TryEnter(_provider.ScopesOf(target), mayTry: _health.IsCalled, out var tried, out var rests))
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
        if (isLastCall && !_health.IsCalled && _health.View.For < _options.RetryCeiling)
            return new(ObstacleKind.Paused, _time.GetUtcNow() + _options.Breaker.MaxBreak);
        if (!_health.TryEnter(isCritical, out var place))
        {
            // It may have broken since the look above, and then nobody says that the provider is free.
            return PausedUntil is { } since
                ? new(ObstacleKind.Paused, since)
                : new(ObstacleKind.Busy, _time.GetUtcNow() + _health.View.UntilTry);
        }
        var spends = isRetry && !place.IsProbe && _health.BoundsRetries;
        if (spends && !_retries.TrySpend())
        {
            _health.GiveUp(place);
            return new(ObstacleKind.RetriesUsedUp);
        }
        if (_permits.TryTake(1, isCritical) == 0)
        {
            if (spends)
                _retries.GiveBack();
            _health.GiveUp(place);
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
    public void Leave(Entry entry) => Leave(entry, call: null);

    /// <summary>Uses the right. Null where the provider broke in the moment before: nothing was called.</summary>
    public async Task<Outcome?> CallAsync(Entry entry, DeliveryTarget target, TMessage message, TimeSpan limit, CancellationToken cutOff)
    {
        if (_health.TryBegin(entry.Place) is not { } call)
        {
            Leave(entry);
            return null;
        }
        Outcome answer;
        try
        {
            answer = _scopes.Widened(await ProviderCall.MakeAsync(_provider, message, _limits.Begin(limit, cutOff), cutOff));
        }
        catch
        {
            Leave(entry, call); // there was no call: what fails in one is an outcome
            throw;
        }
        var outcome = _health.End(entry.Place, call, answer, out var frees);
        Rest(outcome, target);
        _scopes.End(entry.Tried);
        if (frees)
            _freed();
        return outcome;
    }

    private void Leave(Entry entry, int? call)
    {
        _permits.Return(1, entry.IsCritical);
        if (entry.SpentRetry)
            _retries.GiveBack();
        _scopes.End(entry.Tried);
        _health.GiveUp(entry.Place, call);
    }

    /// <summary>Lets rest what the answer concerns: the whole account, one of its scopes, or nothing any more that the message belongs
    /// to.</summary>
    private void Rest(Outcome outcome, DeliveryTarget target)
    {
        switch (outcome)
        {
            case { ConcernsAddress: true }:
                break;
            case { Kind: OutcomeKind.Throttled or OutcomeKind.Misconfigured, Scope: not null }:
                _scopes.Rest(
                    outcome,
                    outcome.RetryAfter ?? (outcome.Kind == OutcomeKind.Throttled ? DefaultPause : _options.MisconfiguredWait)
                );
                break;
            case { Kind: OutcomeKind.Throttled }:
                _permits.PauseUntil(_time.GetUtcNow() + (outcome.RetryAfter ?? DefaultPause));
                break;
            case { Kind: OutcomeKind.Sent or OutcomeKind.Permanent or OutcomeKind.DeadAddress or OutcomeKind.OptedOut } when _scopes.Any:
                _scopes.Clear(_provider.ScopesOf(target)); // whoever refuses a recipient has accepted the sender
                break;
        }
    }
}
