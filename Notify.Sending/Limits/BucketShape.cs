using Notify.Core.Channels;
using Notify.Sending.Adapters;

namespace Notify.Sending.Limits;

/// <summary>The numbers of one token bucket.</summary>
/// <param name="PerSecond">Permits that come back in a second; 0 where there is no limit, only pauses.</param>
/// <param name="Burst">Permits it holds at most.</param>
/// <param name="Reserve">Permits that only critical messages may take; always less than <paramref name="Burst"/>, so that nobody
/// starves.</param>
/// <param name="Lease">Permits that a process takes at once.</param>
internal sealed record BucketShape(double PerSecond, int Burst, int Reserve, int Lease)
{
    private const int MostLeased = 1_000;

    public static BucketShape Unlimited { get; } = new(0, 0, 0, 0);

    public static BucketShape Of(double perSecond, int burst, LimitOptions options) =>
        new(
            perSecond,
            burst,
            (int)Math.Floor(burst * options.CriticalReserve),
            (int)Math.Clamp(perSecond * options.LeaseTime.TotalSeconds, 1, Math.Min(burst, MostLeased))
        );

    public static BucketShape Shared(RateLimit limit, LimitOptions options) => Of(limit.PerSecond, limit.Burst, options);

    public static BucketShape Local(RateLimit limit, LimitOptions options) =>
        Of(limit.PerSecond * options.LocalFraction, (int)Math.Max(1, limit.Burst * options.LocalFraction), options);

    /// <summary>
    /// Permits worth asking for again: half a lease, or a saturated rate would cost a round trip for every permit; for a critical message a
    /// twentieth, which keeps its wait short.
    /// </summary>
    public int RoomOf(bool critical) => Math.Max(1, critical ? Lease / 20 : Math.Min(Lease / 2, Burst - Reserve));
}
