namespace Notify.Api.Limits;

/// <summary>A lane's limit.</summary>
/// <param name="PerSecond">Permits a second, each for one recipient; above 0.</param>
/// <param name="Burst">How long a bucket fills.</param>
internal sealed record AcceptPace(int PerSecond, TimeSpan Burst)
{
    private const double Nanoseconds = 1e9;

    /// <summary>Permits of a full bucket.</summary>
    public int Most { get; } = (int)Math.Min(int.MaxValue, PerSecond * Burst.TotalSeconds);

    /// <summary>The <c>RateLimit-Policy</c> header's parameters: permits, and the seconds they are for.</summary>
    public string Policy => $"q={Most};w={Math.Ceiling(Burst.TotalSeconds):0}";

    /// <summary>The time in ns in which so many permits come.</summary>
    public long CostOf(int permits) => (long)(permits * (Nanoseconds / PerSecond));
}
