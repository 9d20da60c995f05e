namespace Notify.Tests.Support;

/// <summary>Waits for a condition, and says what it was when it does not come true.</summary>
internal static class Until
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    public static Task TrueAsync(Func<bool> condition, string what, CancellationToken cancellationToken) =>
        GetAsync(() => Task.FromResult(condition() ? "" : null), _ => what, cancellationToken);

    public static Task TrueAsync(Func<Task<bool>> condition, string what, CancellationToken cancellationToken) =>
        GetAsync(async () => await condition() ? "" : null, _ => what, cancellationToken);

    /// <param name="find">Null while it is not there.</param>
    /// <param name="describe">What was awaited, with what was seen last.</param>
    /// <param name="cancellationToken">The test's own.</param>
    /// <param name="deadline">Two minutes when left out.</param>
    public static async Task<T> GetAsync<T>(
        Func<Task<T?>> find,
        Func<TimeSpan, string> describe,
        CancellationToken cancellationToken,
        TimeSpan? deadline = null
    )
        where T : class
    {
        var limit = deadline ?? Deadline;
        using var late = new CancellationTokenSource(limit);
        var pause = FirstPause;
        while (true)
        {
            if (await find() is { } found)
                return found;
            if (late.IsCancellationRequested)
                throw new TimeoutException($"Not within {limit.TotalSeconds:0} s: {describe(limit)}");
            await Task.Delay(pause, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }
}
