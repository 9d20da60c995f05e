namespace Notify.Core.Messaging;

/// <summary>Says that something changed. Whoever takes <see cref="Next"/> before it looks misses no change after the look.</summary>
public sealed class LaneSignal
{
    private TaskCompletionSource _next = New();

    public Task Next => Volatile.Read(ref _next).Task;

    public void Set() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
