using System.Collections.Concurrent;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;

namespace Notify.Workers.Push.Tokens;

/// <summary>
/// Stands before a provider and does not believe that many tokens of one app died at once. What it doubts waits as misconfigured, a scope
/// of its own that one message at a time tries, and costs no device.
/// </summary>
/// <param name="provider">The adapter; disposed with this one.</param>
/// <param name="options">When it doubts.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenGuard(IProvider<PushMessage> provider, TokenOptions options, TimeProvider time)
    : IProvider<PushMessage>,
        IDisposable
{
    /// <summary>Apps are named by whoever registers devices: those beyond are one.</summary>
    private const int MostApps = 200;

    private const string Doubted =
        "Too many devices of this app are refused alike for their tokens to be dead: they are kept. "
        + "Check the project, key, app and environment.";

    private readonly ConcurrentDictionary<string, RefusedTokens> _apps = [];

    public string Name => provider.Name;

    public string Credential => provider.Credential;

    public RateLimit? Limit => provider.Limit;

    public int? Concurrency => provider.Concurrency;

    public bool CanSend(DeliveryTarget target) => provider.CanSend(target);

    public IReadOnlyList<NamedScope> ScopesOf(DeliveryTarget target)
    {
        var (scopes, app) = (provider.ScopesOf(target), AppOf(target.Device?.App));
        return TokensOf(app).IsHeld(target.Address) ? [.. scopes, ScopeOf(app)] : scopes;
    }

    public async Task<Outcome> SendAsync(PushMessage message, CancellationToken cancellationToken)
    {
        var outcome = await provider.SendAsync(message, cancellationToken);
        if (message.DryRun)
            return outcome;
        var app = AppOf(message.App);
        if (outcome.Kind == OutcomeKind.Sent)
            TokensOf(app).Taken(message.Token);
        else if (
            outcome is { Kind: OutcomeKind.DeadAddress, Doubt: not TokenDoubt.None }
            && TokensOf(app).Refused(message.Token, outcome.Doubt)
        )
        {
            return outcome with { Kind = OutcomeKind.Misconfigured, Scope = ScopeOf(app), Detail = Doubted };
        }
        return outcome;
    }

    public void Dispose() => (provider as IDisposable)?.Dispose();

    private static string AppOf(string? app) => app ?? "default";

    private static NamedScope ScopeOf(string app) => FaultScopes.Of(FaultScope.App, $"{app}/refused");

    private RefusedTokens TokensOf(string app) =>
        _apps.TryGetValue(app, out var known)
            ? known
            : _apps.GetOrAdd(_apps.Count < MostApps ? app : "", static (_, guard) => guard.NewTokens(), this);

    private RefusedTokens NewTokens() => new(options, time);
}
