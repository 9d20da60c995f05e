using Notify.Core.Deliveries;
using Notify.Sending.Limits;

namespace Notify.Sending.Providers;

/// <summary>Why a provider cannot be called now.</summary>
/// <param name="Kind">What stands in the way.</param>
/// <param name="Until">When it is over, where that is known.</param>
public readonly record struct Obstacle(ObstacleKind Kind, DateTimeOffset? Until = null)
{
    /// <summary>Where the missing permit comes from.</summary>
    internal RateLimiter? Permits { get; init; }

    /// <summary>What rests.</summary>
    internal RestingScope? Scope { get; init; }
}
