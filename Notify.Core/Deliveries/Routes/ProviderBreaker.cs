using Notify.Core.Channels;
using Polly;
using Polly.CircuitBreaker;
using Outcome = Notify.Core.Channels.Outcome;   // Polly has one of that name too

namespace Notify.Core.Deliveries.Routes;

/// <summary>
/// The breaker of one provider credential. An outage opens it by the share of failed calls; refused credentials open it by a few answers in a row,
/// since they fail every message alike. What is wrong with a recipient or a message never counts.
/// </summary>
internal sealed class ProviderBreaker
{
    private readonly BreakerOptions _options;
    private readonly TimeSpan _misconfiguredBreak;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<Outcome> _outage;
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly Lock _lock = new();
    private DateTimeOffset _openUntil = DateTimeOffset.MinValue;
    private bool _setupRefused;
    private int _misconfiguredInARow;
    private bool _probing;

    public ProviderBreaker(BreakerOptions options, TimeSpan misconfiguredBreak, TimeProvider time, Func<double> jitter)
    {
        (_options, _misconfiguredBreak, _time) = (options, misconfiguredBreak, time);
        Since = time.GetUtcNow();
        _outage = new ResiliencePipelineBuilder<Outcome> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Outcome>
            {
                FailureRatio = options.FailureRatio,
                SamplingDuration = options.Window,
                MinimumThroughput = options.MinimumCalls,
                // Up to a tenth longer, so that many processes do not probe in step.
                BreakDurationGenerator = opened => ValueTask.FromResult(Longer(opened.HalfOpenAttempts) * (1 + jitter() / 10)),
                StateProvider = _state,
                // Result is what the finished call returned, here and below: nothing is waited for.
                ShouldHandle = call => ValueTask.FromResult(call.Outcome.Result is { } outcome && IsFailure(outcome)),
                OnOpened = opened =>
                {
                    Opened(opened.BreakDuration, opened.Outcome.Result);
                    return default;
                },
                OnClosed = _ =>
                {
                    Since = _time.GetUtcNow();
                    Closed?.Invoke();
                    return default;
                },
            })
            .Build();
    }

    /// <summary>Called when it works again after having been open.</summary>
    public event Action? Closed;

    /// <summary>When the present state began.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>What opened it last, as outcome and code.</summary>
    public string? Cause { get; private set; }

    public BreakerState State
    {
        get
        {
            if (!IsOpen)
                return BreakerState.Closed;
            return _time.GetUtcNow() < OpenUntil ? BreakerState.Open : BreakerState.HalfOpen;
        }
    }

    /// <summary>When it may be tried again; in the past while it is closed.</summary>
    public DateTimeOffset OpenUntil
    {
        get
        {
            lock (_lock)
                return _openUntil;
        }
    }

    private bool IsOpen => Volatile.Read(ref _setupRefused) || _state.CircuitState != CircuitState.Closed;

    /// <summary>Whether a call may be made now, and whether it is the one that tries.</summary>
    public bool TryEnter(out bool isProbe)
    {
        isProbe = false;
        if (!IsOpen)
            return true;
        lock (_lock)
        {
            if (_probing || _time.GetUtcNow() < _openUntil)
                return false;
            return isProbe = _probing = true;
        }
    }

    /// <summary>The call that was to try is over, or was not made after all.</summary>
    public void Leave(bool isProbe)
    {
        if (!isProbe)
            return;
        lock (_lock)
            _probing = false;
    }

    /// <summary>Makes the call and counts its outcome; null where the breaker opened in the moment before, and nothing was called.</summary>
    public async Task<Outcome?> CallAsync(Func<Task<Outcome>> call)
    {
        Task<Outcome>? running = null;
        try
        {
            await _outage.ExecuteAsync(async _ => await SeenInTimeAsync(running = call()), CancellationToken.None);
        }
        catch (BrokenCircuitException)
        {
            return null;
        }
        var outcome = await running!;
        Judge(outcome);
        return outcome;
    }

    /// <summary>What the breaker gets to see: the outcome, or a failure in the place of one that is late.</summary>
    private async ValueTask<Outcome> SeenInTimeAsync(Task<Outcome> call)
    {
        try
        {
            return await call.WaitAsync(_options.SlowCall, _time);
        }
        catch (TimeoutException)
        {
            return new Outcome(OutcomeKind.Transient, Code: "slow");
        }
    }

    private void Judge(Outcome outcome)
    {
        if (outcome is { Kind: OutcomeKind.Misconfigured, ConcernsAddress: false })
        {
            if (Interlocked.Increment(ref _misconfiguredInARow) < _options.Misconfigured)
                return;
            Volatile.Write(ref _setupRefused, true);
            Opened(outcome.RetryAfter ?? _misconfiguredBreak, outcome);
        }
        else if (outcome.Kind is OutcomeKind.Sent or OutcomeKind.Permanent or OutcomeKind.DeadAddress or OutcomeKind.OptedOut)
        {
            Volatile.Write(ref _misconfiguredInARow, 0);   // whoever refuses a recipient has accepted us
            if (!Volatile.Read(ref _setupRefused))
                return;
            Volatile.Write(ref _setupRefused, false);
            Since = _time.GetUtcNow();
            Closed?.Invoke();
        }
        else if (Volatile.Read(ref _setupRefused) && IsFailure(outcome) && State == BreakerState.HalfOpen)
        {
            Opened(_misconfiguredBreak, outcome);   // the call that tried got no answer at all: the next one comes after a rest too
        }
    }

    private void Opened(TimeSpan duration, Outcome? outcome)
    {
        lock (_lock)
        {
            _openUntil = _time.GetUtcNow() + duration;
            Since = _time.GetUtcNow();
            Cause = outcome is null ? null : $"{outcome.Kind.ToName()} {outcome.Code}".TrimEnd();
        }
    }

    private TimeSpan Longer(int failedProbes)
    {
        var grown = _options.Break * Math.Pow(2, Math.Min(failedProbes, 20));
        return grown < _options.MaxBreak ? grown : _options.MaxBreak;
    }

    private static bool IsFailure(Outcome outcome) => outcome is { Kind: OutcomeKind.Transient or OutcomeKind.Ambiguous, ConcernsAddress: false };
}
