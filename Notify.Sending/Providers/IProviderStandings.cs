using Notify.Core.Deliveries;
using Notify.Core.Providers;

namespace Notify.Sending.Providers;

/// <summary>What is told of a channel's providers, whatever its messages are.</summary>
public interface IProviderStandings
{
    /// <summary>When the first of the providers may be called again; null while one may be called now.</summary>
    DateTimeOffset? PausedUntil { get; }

    /// <summary>Each provider in the order in which it is asked.</summary>
    IReadOnlyList<ProviderStanding> Standing { get; }
}
