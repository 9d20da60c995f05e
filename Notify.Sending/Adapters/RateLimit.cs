using Notify.Core.Channels;

namespace Notify.Sending.Adapters;

/// <summary>How many messages a credential may send, over all processes together.</summary>
/// <param name="PerSecond">Messages a second on average; above 0, also fractions.</param>
/// <param name="Burst">Messages that may go at once after a quiet time; at least 1.</param>
public sealed record RateLimit(double PerSecond, int Burst)
{
    /// <summary>The limit that options give: none without a rate, and what one second allows as the burst where none is given.</summary>
    public static RateLimit? Of(double? perSecond, int? burst = null) =>
        perSecond is { } rate ? new(rate, burst ?? (int)Math.Max(1, Math.Ceiling(rate))) : null;
}
