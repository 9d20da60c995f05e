using Notify.Core.Deliveries;
using Notify.Sending.Limits;

namespace Notify.Sending.Providers;

/// <summary>Why a provider cannot be called now.</summary>
/// <param name="Kind">What stands in the way.</param>
/// <param name="Until">When it is over, where that is known.</param>
/// <param name="Permits">Where the missing permit comes from.</param>
/// <param name="Scope">What rests.</param>
internal readonly record struct Obstacle(
    ObstacleKind Kind,
    DateTimeOffset? Until = null,
    RateLimiter? Permits = null,
    RestingScope? Scope = null
);
