namespace Notify.Api.Providers;

/// <summary>All channels, and all providers that a worker has told of.</summary>
internal sealed record ProvidersView(IReadOnlyList<ChannelView> Channels, IReadOnlyList<ProviderView> Providers);

/// <summary>Whether a channel has workers.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Stale">Whether no worker of it has reported for 15 s: then nobody reads its lanes, and its deliveries wait.</param>
/// <param name="SeenAt">The last report; absent where there never was one.</param>
internal sealed record ChannelView(string Channel, bool Stale, DateTimeOffset? SeenAt);

/// <summary>A provider's account in one state; a second entry where workers differ about it.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Provider">The provider's name.</param>
/// <param name="Credential">Which account: a project, a sender; no secret.</param>
/// <param name="State">
/// <c>closed</c>, <c>partial</c>, <c>half_open</c>, <c>open</c> or <c>throttled</c>; where <paramref name="Stale"/>, the last that was
/// known.
/// </param>
/// <param name="Cause">The outcome and code that opened it, or what it refuses for which scope.</param>
/// <param name="Since">When the first of the workers entered the state.</param>
/// <param name="Until">When the first of them tries it again.</param>
/// <param name="Stale">Whether no worker has told of it for two of the intervals in which they do (10 s): then none sends with it
/// now.</param>
/// <param name="Instances">How many workers say so; 0 where <paramref name="Stale"/>.</param>
/// <param name="ChannelPaused">Whether every worker of the channel has nothing to send with; absent where none reports.</param>
/// <param name="SeenAt">The last report.</param>
/// <param name="Age">Its age in seconds.</param>
internal sealed record ProviderView(
    string Channel,
    string Provider,
    string Credential,
    string State,
    string? Cause,
    DateTimeOffset Since,
    DateTimeOffset? Until,
    bool Stale,
    int Instances,
    bool? ChannelPaused,
    DateTimeOffset SeenAt,
    long Age
);
