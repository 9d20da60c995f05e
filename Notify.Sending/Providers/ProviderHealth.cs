using Notify.Sending.Adapters;

namespace Notify.Sending.Providers;

/// <summary>
/// The health of one provider account: the present <see cref="HealthState"/>, the clock and the timer that its
/// <see cref="HealthRules"/> need, and one lock around them. Safe for concurrent use; a call costs no allocation.
/// </summary>
internal sealed class ProviderHealth
{
    private static readonly TimeSpan ShortestLook = TimeSpan.FromMilliseconds(100);
    private readonly Lock _lock = new();
    private readonly RunningCalls _running = new();
    private readonly UsualLatency _usual;
    private readonly HealthSettings _settings;
    private readonly TimeSpan _slowCall;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly DateTimeOffset _began;
    private readonly Func<double> _jitter;
    private readonly Action _freed;
    private readonly ITimer _timer;
    private HealthState _state;
    private TimeSpan _lookAt = TimeSpan.MaxValue;

    // What every message is decided by, published so that looking at it takes no lock.
    private volatile HealthPhase _phase;
    private volatile bool _isSilent;
    private volatile bool _isTroubled;

    /// <param name="settings">When it counts as broken.</param>
    /// <param name="time">The clock.</param>
    /// <param name="jitter">From 0 to 1.</param>
    /// <param name="freed">Called, outside of the lock, when those should look again that were told to wait.</param>
    public ProviderHealth(HealthSettings settings, TimeProvider time, Func<double> jitter, Action freed)
    {
        (_settings, _slowCall) = (settings, settings.Breaker.SlowCall);
        (_time, _origin, _began) = (time, time.GetTimestamp(), time.GetUtcNow());
        (_jitter, _freed) = (jitter, freed);
        _usual = new(_slowCall);
        _timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether it works, but badly: another one is asked first.</summary>
    public bool IsTroubled => _isTroubled;

    /// <summary>Whether it has fallen silent: the calls that it has are not to take others' room.</summary>
    public bool IsSilent => _isSilent;

    /// <summary>Whether it is broken, tried, or given more calls round by round: few at a time, whatever it can work on.</summary>
    public bool IsComingBack => _phase != HealthPhase.Closed;

    /// <summary>Whether it is called, by any number or by few at a time.</summary>
    public bool IsCalled => _phase is HealthPhase.Closed or HealthPhase.Recovering;

    /// <summary>
    /// Whether it has fallen silent and is not due for a try: another one is asked as long as there is one.
    /// </summary>
    public bool IsAvoided => _isSilent && View.UntilTry > TimeSpan.Zero;

    /// <summary>Whether its retries are counted: it is in trouble, or has only just come back.</summary>
    public bool BoundsRetries
    {
        get
        {
            if (_isTroubled)
                return true;
            lock (_lock)
                return _state.Condition.IsJustBack(Now, _slowCall);
        }
    }

    /// <summary>How long it stays open; null where it may be called or tried now.</summary>
    public TimeSpan? OpenFor => _phase == HealthPhase.Open ? View.OpenFor : null;

    /// <summary>All that is told of it at this moment.</summary>
    public HealthView View
    {
        get
        {
            lock (_lock)
                return HealthView.Of(_state, Now, _began);
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Takes a place among its calls, where there is one. It ends in <see cref="End"/> or <see cref="GiveUp"/>.</summary>
    public bool TryEnter(bool isCritical, out CallPlace place)
    {
        lock (_lock)
        {
            var step = Step(new(HealthEventKind.PlaceAsked, IsCritical: isCritical), Now);
            place = step.Place;
            return step.IsGranted;
        }
    }

    /// <summary>The place is not used after all.</summary>
    /// <param name="place">What <see cref="TryEnter"/> gave.</param>
    /// <param name="call">What <see cref="TryBegin"/> gave, where it was asked.</param>
    public void GiveUp(CallPlace place, int? call = null)
    {
        bool frees;
        lock (_lock)
        {
            if (call is { } began)
                _running.Remove(began);
            frees = Step(new(HealthEventKind.PlaceGivenUp, place), Now).Frees;
        }
        if (frees)
            _freed();
    }

    /// <summary>Begins the call of a place; null where it broke in the meantime, so that nothing is to be called.</summary>
    public int? TryBegin(CallPlace place)
    {
        lock (_lock)
        {
            var now = Now;
            if (!Step(new(HealthEventKind.CallBegan, place), now).IsGranted)
                return null;
            LookBy(now + (_usual.Bound ?? _slowCall), now);
            return _running.Add(place, now);
        }
    }

    /// <summary>A call ended.</summary>
    /// <param name="place">What <see cref="TryEnter"/> gave.</param>
    /// <param name="call">What <see cref="TryBegin"/> gave.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="frees">
    /// Whether those should look again that were told to wait; the caller tells them, once what else rests after the answer does so.
    /// </param>
    /// <returns>The outcome, with the wait that it comes to.</returns>
    public Outcome End(CallPlace place, int call, Outcome outcome, out bool frees)
    {
        HealthStep step;
        lock (_lock)
        {
            var now = Now;
            var running = _running.Remove(call);
            var took = now - running.BeganAt;
            if (AnswerKinds.IsAnswer(outcome))
            {
                _running.Answered(now);
                _usual.Answered(took, now);
            }
            step = Step(new(HealthEventKind.CallEnded, place, Outcome: outcome, Took: took, WasSlow: running.WasSlow), now);
        }
        frees = step.Frees;
        return step.Wait is { } wait ? outcome with { RetryAfter = wait } : outcome;
    }

    private HealthStep Step(in HealthEvent happened, TimeSpan now)
    {
        var step = HealthRules.After(_state, happened, _settings, now, _jitter());
        _state = step.State;
        _phase = _state.Phase;
        _isSilent = _state.Silence.IsOn;
        _isTroubled = _state.Condition.IsTroubled(_slowCall);
        return step;
    }

    /// <summary>Looks at the calls under way: which have become slow, and whether most are overdue.</summary>
    private void Look()
    {
        var frees = false;
        lock (_lock)
        {
            var now = Now;
            _lookAt = TimeSpan.MaxValue;
            while (_running.TryTakeSlow(now, _slowCall, out var place))
                frees |= Step(new(HealthEventKind.CallSlow, place), now).Frees;
            if (!_isSilent && _usual.Bound is { } bound && _running.AreMostOverdue(now, bound))
                frees |= Step(new(HealthEventKind.CallsOverdue), now).Frees;
            LookAgain(now);
        }
        if (frees)
            _freed();
    }

    private void LookAgain(TimeSpan now)
    {
        if (_running.OldestFreshBegan is { } fresh)
            LookBy(fresh + _slowCall, now);
        if (!_isSilent && _usual.Bound is { } bound && _running.OldestBegan is { } oldest)
            LookBy(oldest + bound > now + ShortestLook ? oldest + bound : now + ShortestLook, now);
    }

    private void LookBy(TimeSpan at, TimeSpan now)
    {
        if (at >= _lookAt)
            return;
        _lookAt = at;
        // Timers drop fractions of a millisecond, and would come a little too early.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling((at - now).TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }
}
