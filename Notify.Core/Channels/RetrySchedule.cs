namespace Notify.Core.Channels;

/// <summary>Exponential back-off with full jitter and a floor: the wait before attempt n+1 is random in [floor, base × 2^(n-1)], at most <paramref name="Ceiling"/>.</summary>
/// <param name="Base">The first wait's upper bound.</param>
/// <param name="Floor">No wait is shorter.</param>
/// <param name="Ceiling">No wait is longer.</param>
public sealed record RetrySchedule(TimeSpan Base, TimeSpan Floor, TimeSpan Ceiling)
{
    /// <summary>5 s doubling, not under 1 s, not over an hour.</summary>
    public static RetrySchedule Default { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));

    /// <summary>The wait after <paramref name="attempt"/> calls (1 for the first); <paramref name="jitter"/> is uniform in [0, 1).</summary>
    public TimeSpan DelayAfter(int attempt, double jitter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        var bound = Math.Min(Base.TotalSeconds * Math.Pow(2, Math.Min(attempt - 1, 30)), Ceiling.TotalSeconds);
        return TimeSpan.FromSeconds(Math.Max(bound * jitter, Floor.TotalSeconds));
    }
}
