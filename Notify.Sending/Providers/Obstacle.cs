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

/// <summary>What keeps a provider from being called; the earlier one in this list passes sooner.</summary>
public enum ObstacleKind
{
    /// <summary>No permit left for this moment.</summary>
    NoPermit,

    /// <summary>It has as many calls as it gets at a time; over when one of them ends.</summary>
    Busy,

    /// <summary>It is in trouble and has had its share of retries.</summary>
    RetriesUsedUp,

    /// <summary>It is broken, or it said wait.</summary>
    Paused,

    /// <summary>It refuses for now what this message belongs to: others may go.</summary>
    ScopeRests,
}
