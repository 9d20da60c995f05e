using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Sending.Adapters;
using Notify.Sending.Http;
using Polly;
using Polly.CircuitBreaker;
using Outcome = Notify.Sending.Adapters.Outcome; // Polly has one of that name too

namespace Notify.Sending.Providers;

/// <summary>
/// The breaker of one provider credential. An outage opens it by the share of failed calls, or, where calls are too few for a share, by a
/// time in which every call failed; refused credentials open it by a few answers in a row, since they fail every message alike. What is
/// wrong with a recipient, a message or a scope (<see cref="RestingScopes"/>) never counts.
/// </summary>
internal sealed class ProviderBreaker
{
    private readonly BreakerOptions _options;
    private readonly TimeSpan _misconfiguredBreak;
    private readonly TimeProvider _time;
    private readonly Func<double> _jitter;
    private readonly ResiliencePipeline<Outcome> _outage;
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly Lock _lock = new();
    private readonly FailureStreak _streak;
    private DateTimeOffset _openUntil = DateTimeOffset.MinValue;
    private bool _held; // open for another reason than the share of failed calls
    private int _failedProbes;
    private int _misconfiguredInARow;
    private bool _probing;

    public ProviderBreaker(BreakerOptions options, TimeSpan misconfiguredBreak, TimeProvider time, Func<double> jitter)
    {
        (_options, _misconfiguredBreak, _time, _jitter) = (options, misconfiguredBreak, time, jitter);
        _streak = new(options.Window, options.FailuresInARow, time);
        Since = time.GetUtcNow();
        _outage = new ResiliencePipelineBuilder<Outcome> { TimeProvider = time }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions<Outcome>
                {
                    FailureRatio = options.FailureRatio,
                    SamplingDuration = options.Window,
                    MinimumThroughput = options.MinimumCalls,
                    BreakDurationGenerator = opened => ValueTask.FromResult(Longer(opened.HalfOpenAttempts)),
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
                }
            )
            .Build();
    }

    /// <summary>Called when it works again after having been open.</summary>
    public event Action? Closed;

    /// <summary>Called when it opens, or opens for longer.</summary>
    public event Action? Broke;

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

    private bool IsOpen => Volatile.Read(ref _held) || _state.CircuitState != CircuitState.Closed;

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

    /// <summary>Makes the call and counts its outcome; null where the breaker opened in the moment before, and nothing was
    /// called.</summary>
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
        if (outcome is { Kind: OutcomeKind.Misconfigured, ConcernsAddress: false, Scope: null })
        {
            if (Interlocked.Increment(ref _misconfiguredInARow) >= _options.Misconfigured)
                Hold(outcome.RetryAfter ?? _misconfiguredBreak, outcome);
        }
        else if (IsFailure(outcome))
        {
            if (_streak.Failed() && !IsOpen)
                Hold(Longer(0), outcome);
            else if (Volatile.Read(ref _held) && State == BreakerState.HalfOpen) // the call that tried
                Hold(Longer(Interlocked.Increment(ref _failedProbes)), outcome);
        }
        else if (outcome.Kind is OutcomeKind.Sent or OutcomeKind.Permanent or OutcomeKind.DeadAddress or OutcomeKind.OptedOut)
        {
            _streak.Ended();
            Volatile.Write(ref _misconfiguredInARow, 0); // whoever refuses a recipient has accepted us
            Release();
        }
    }

    private void Hold(TimeSpan duration, Outcome outcome)
    {
        Volatile.Write(ref _held, true);
        Opened(duration, outcome);
    }

    private void Release()
    {
        if (!Volatile.Read(ref _held))
            return;
        Volatile.Write(ref _failedProbes, 0);
        Volatile.Write(ref _held, false);
        Since = _time.GetUtcNow();
        Closed?.Invoke();
    }

    private void Opened(TimeSpan duration, Outcome? outcome)
    {
        lock (_lock)
        {
            _openUntil = _time.GetUtcNow() + duration;
            Since = _time.GetUtcNow();
            Cause = outcome is null ? null : $"{outcome.Kind.ToName()} {outcome.Code}".TrimEnd();
        }
        Broke?.Invoke();
    }

    /// <summary>Up to a tenth longer than that, so that many processes do not probe in step.</summary>
    private TimeSpan Longer(int failedProbes)
    {
        var grown = _options.Break * Math.Pow(2, Math.Min(failedProbes, 20));
        return (grown < _options.MaxBreak ? grown : _options.MaxBreak) * (1 + _jitter() / 10);
    }

    private static bool IsFailure(Outcome outcome) =>
        outcome is { Kind: OutcomeKind.Transient or OutcomeKind.Ambiguous, ConcernsAddress: false };
}
