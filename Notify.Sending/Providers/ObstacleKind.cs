using Notify.Core.Deliveries;

namespace Notify.Sending.Providers;

/// <summary>What keeps a provider from being called; the earlier one in this list passes sooner.</summary>
public enum ObstacleKind
{
    /// <summary>No permit left for this moment.</summary>
    NoPermit,

    /// <summary>It has as many calls as it gets at a time; over when one of them ends.</summary>
    Busy,

    /// <summary>It is in trouble and has had its share of retries.</summary>
    RetriesUsedUp,

    /// <summary>Its breaker is open, or it said wait.</summary>
    Paused,

    /// <summary>It refuses for now what this message belongs to: others may go.</summary>
    ScopeRests,
}
