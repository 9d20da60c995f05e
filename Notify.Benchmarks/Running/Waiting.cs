using System.Diagnostics;

namespace Notify.Benchmarks.Running;

/// <summary>Waits for a condition, for a bounded time.</summary>
internal static class Waiting
{
    public static async Task UntilAsync(
        Func<ValueTask<bool>> condition,
        TimeSpan poll,
        TimeSpan limit,
        string what,
        CancellationToken cancellationToken
    )
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
                throw new TimeoutException($"Not within {limit.TotalSeconds:0} s: {what}.");
            await Task.Delay(poll, cancellationToken);
        }
    }
}
