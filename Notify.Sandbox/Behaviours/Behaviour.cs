namespace Notify.Sandbox.Behaviours;

/// <summary>One behaviour in force, and how often it was applied.</summary>
internal sealed class Behaviour(BehaviourSettings settings)
{
    private long _applied;

    public BehaviourSettings Settings => settings;

    public long Applied => Interlocked.Read(ref _applied);

    /// <summary>Whether it is this message's turn, by probability and count.</summary>
    public bool TryApply()
    {
        if (settings.Probability < 1 && Random.Shared.NextDouble() >= settings.Probability)
            return false;
        if (Interlocked.Increment(ref _applied) <= (settings.Times ?? long.MaxValue))
            return true;
        Interlocked.Decrement(ref _applied);
        return false;
    }

    public Task WaitAsync(TimeProvider time, CancellationToken cancellationToken) =>
        settings.LatencyMs == 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromMilliseconds(settings.LatencyMs), time, cancellationToken);
}
