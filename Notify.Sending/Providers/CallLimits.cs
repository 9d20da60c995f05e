using System.Collections.Concurrent;

namespace Notify.Sending.Providers;

/// <summary>
/// The tokens that end calls in time. Calls that begin within a hundredth of the limit share one, with one timer, so that a call may be cut
/// off by so much sooner: a source and a timer for each would be a tenth of what a delivery allocates.
/// </summary>
internal sealed class CallLimits(TimeProvider time)
{
    private const int Parts = 100;
    private readonly ConcurrentDictionary<(TimeSpan Limit, CancellationToken CutOff), Shared> _running = new();

    /// <param name="limit">How long the call that begins now may take.</param>
    /// <param name="cutOff">Ends it when the worker stops.</param>
    public CancellationToken Begin(TimeSpan limit, CancellationToken cutOff)
    {
        if (_running.TryGetValue((limit, cutOff), out var shared) && time.GetElapsedTime(shared.Began) * Parts < limit)
            return shared.Token;
        var next = Start(limit, cutOff);
        _running[(limit, cutOff)] = next; // of two that come at once each may have its own
        return next.Token;
    }

    private Shared Start(TimeSpan limit, CancellationToken cutOff)
    {
        var began = time.GetTimestamp();
        // Not disposed: its timer ends it, and calls that ended before may still look at it.
#pragma warning disable CA2000
        var over = new CancellationTokenSource(limit, time);
#pragma warning restore CA2000
        var stopping = cutOff.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), over);
        var token = over.Token;
        token.UnsafeRegister(
            _ =>
            {
                stopping.Unregister();
                _running.TryRemove(new((limit, cutOff), new(began, token)));
            },
            null
        );
        return new(began, token);
    }

    private readonly record struct Shared(long Began, CancellationToken Token);
}
