using System.Runtime.CompilerServices;

namespace Notify.Sending.Providers;

/// <summary>
/// What speaks for an outage: the share of failed calls in a sliding window, and failures and refusals without a success between them. A
/// share says nothing where a handful of messages is all there is; those would use up their attempts in a minute or two. A value: each
/// method returns the next one.
/// </summary>
internal struct FailureEvidence
{
    private const int SliceCount = 10; // the window moves in steps of a tenth
    private Slices _slices;
    private long _slice; // the running one, counted from the beginning of time
    private int _calls;
    private int _failedCalls;
    private int _failedInARow;
    private TimeSpan _failingSince;

    /// <summary>Refusals of our credentials without an answer between them that shows that we were let in.</summary>
    public int RefusedInARow { get; private set; }

    /// <summary>Counts a call in the window.</summary>
    public readonly FailureEvidence WithCall(bool failed, TimeSpan now, TimeSpan window)
    {
        var next = this;
        next.MoveTo(now.Ticks / (window.Ticks / SliceCount));
        ref var slice = ref next._slices[(int)(next._slice % SliceCount)];
        slice = new(slice.Calls + 1, slice.Failed + (failed ? 1 : 0));
        next._calls++;
        next._failedCalls += failed ? 1 : 0;
        return next;
    }

    /// <summary>Counts an answer in the rows.</summary>
    public readonly FailureEvidence WithAnswer(AnswerKind answer, TimeSpan now)
    {
        var next = this;
        switch (answer)
        {
            case AnswerKind.Accepted:
                next._failedInARow = next.RefusedInARow = 0;
                break;
            case AnswerKind.Refused:
                next.RefusedInARow++;
                break;
            case AnswerKind.Failed:
                if (next._failedInARow++ == 0)
                    next._failingSince = now;
                break;
        }
        return next;
    }

    /// <summary>Without the calls of the window: it begins anew.</summary>
    public readonly FailureEvidence WithoutCalls() =>
        new()
        {
            _failedInARow = _failedInARow,
            _failingSince = _failingSince,
            RefusedInARow = RefusedInARow,
        };

    /// <summary>Whether the failed calls are a large enough share of enough calls.</summary>
    public readonly bool IsShareOf(BreakerOptions options) =>
        _calls >= options.MinimumCalls && (double)_failedCalls / _calls >= options.FailureRatio;

    /// <summary>Whether enough calls failed over a long enough time, and none succeeded.</summary>
    public readonly bool IsRowOf(BreakerOptions options, TimeSpan now) =>
        _failedInARow >= options.FailuresInARow && now - _failingSince >= options.Window;

    private void MoveTo(long slice)
    {
        for (var steps = Math.Min(slice - _slice, SliceCount); steps > 0; steps--)
        {
            ref var gone = ref _slices[(int)((slice - steps + 1) % SliceCount)];
            _calls -= gone.Calls;
            _failedCalls -= gone.Failed;
            gone = default;
        }
        _slice = slice;
    }

    private readonly record struct Slice(int Calls, int Failed);

    [InlineArray(SliceCount)]
    private struct Slices
    {
        private Slice _first;
    }
}
