using Notify.Core.Channels;

namespace Notify.Sending.Adapters;

/// <summary>Exponential back-off with full jitter over a floor: the wait before attempt n+1 is uniform from the floor to base × 2^(n-1), or
/// to twice the floor where that is more, at most to <paramref name="Ceiling"/>.</summary>
/// <param name="Base">The first wait's upper bound.</param>
/// <param name="Floor">No wait is shorter. Waits spread from here, and never all end here: what failed together would come back
/// together.</param>
/// <param name="Ceiling">No wait is longer.</param>
public sealed record RetrySchedule(TimeSpan Base, TimeSpan Floor, TimeSpan Ceiling)
{
    /// <summary>5 s doubling, not under 1 s, not over an hour.</summary>
    public static RetrySchedule Default { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));

    /// <summary>The wait after <paramref name="attempt"/> calls (1 for the first); <paramref name="jitter"/> is uniform in [0,
    /// 1).</summary>
    public TimeSpan DelayAfter(int attempt, double jitter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        var floor = Math.Min(Floor.TotalSeconds, Ceiling.TotalSeconds);
        var bound = Math.Min(Math.Max(Base.TotalSeconds * Math.Pow(2, Math.Min(attempt - 1, 30)), 2 * floor), Ceiling.TotalSeconds);
        return TimeSpan.FromSeconds(floor + (bound - floor) * jitter);
    }
}
