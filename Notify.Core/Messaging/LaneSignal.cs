namespace Notify.Core.Messaging;

/// <summary>
/// Says that something changed. Whoever takes <see cref="Next"/> before it looks misses no change after the look. While nobody waits, to say
/// so costs no allocation.
/// </summary>
public sealed class LaneSignal
{
    private TaskCompletionSource? _next;

    public Task Next
    {
        get
        {
            if (Volatile.Read(ref _next) is { } waiting)
                return waiting.Task;
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _next, mine, null) ?? mine).Task;
        }
    }

    // The exchange is also the fence between the change and the look for somebody who waits for it.
    public void Set() => Interlocked.Exchange(ref _next, null)?.TrySetResult();
}
