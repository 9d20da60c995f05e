namespace Notify.Sending.Providers;

/// <summary>How a provider has been doing: moving averages over its calls, each call weighing a twentieth.</summary>
/// <param name="Failed">The share of calls that failed.</param>
/// <param name="Seconds">How long they took.</param>
/// <param name="BackSince">When it last worked again after an outage.</param>
internal readonly record struct ProviderCondition(double Failed, double Seconds, TimeSpan? BackSince)
{
    private const double Weight = 0.05;
    private const double TroubledFrom = 0.1;

    /// <summary>Whether more than a tenth of the calls fail, or they take longer than half of what counts as slow.</summary>
    public bool IsTroubled(TimeSpan slowCall) => Failed > TroubledFrom || Seconds > slowCall.TotalSeconds / 2;

    /// <summary>
    /// Whether it has worked again for less than a slow call takes. Failures tend to be slower than successes: until the calls have ended
    /// that were made when it came back, what is known of it is too good.
    /// </summary>
    public bool IsJustBack(TimeSpan now, TimeSpan slowCall) => now - BackSince < slowCall;

    /// <summary>
    /// After an outage, since what it was like before says little. The next failure puts it in trouble all the same: otherwise a provider
    /// that fails every other call would get every retry.
    /// </summary>
    public static ProviderCondition Back(TimeSpan now) => new(TroubledFrom, 0, now);

    public ProviderCondition With(bool failed, TimeSpan took) =>
        this with
        {
            Failed = Failed + ((failed ? 1 : 0) - Failed) * Weight,
            Seconds = Seconds + (took.TotalSeconds - Seconds) * Weight,
        };
}
