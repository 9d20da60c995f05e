namespace Notify.Api.Providers;

/// <summary>All providers that a worker has told of.</summary>
internal sealed record ProvidersView(IReadOnlyList<ProviderView> Providers);

/// <summary>A provider's account in one state; a second entry where processes differ about it.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Provider">The provider's name.</param>
/// <param name="Credential">Which account: a project, a sender; no secret.</param>
/// <param name="State"><c>closed</c>, <c>half_open</c>, <c>open</c>, <c>throttled</c> or <c>unknown</c>.</param>
/// <param name="Cause">The outcome and code that opened it.</param>
/// <param name="Since">When the first of the processes entered the state; of <c>unknown</c>, the last report.</param>
/// <param name="Until">When the first of them tries it again.</param>
/// <param name="Instances">How many processes say so.</param>
/// <param name="ChannelPaused">Whether every process of the channel that reports has nothing to send with; absent where none reports.</param>
/// <param name="ReportedAt">The last report.</param>
/// <param name="Age">Its age in seconds.</param>
internal sealed record ProviderView(
    string Channel, string Provider, string Credential, string State, string? Cause, DateTimeOffset Since, DateTimeOffset? Until, int Instances, bool? ChannelPaused, DateTimeOffset ReportedAt, long Age);
