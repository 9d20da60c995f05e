using Microsoft.Extensions.Options;
using Notify.Core.Messaging;
using Notify.Core.Providers;
using Notify.Sending.Adapters;
using Notify.Sending.Limits;

namespace Notify.Sending.Providers;

/// <summary>The accounts at the providers of a channel: all of them, and by tenant those that its messages go to.</summary>
public sealed class ChannelProviders<TMessage> : ISender<TMessage>, IProviderStandings
{
    private readonly ProviderAccount<TMessage>[] _accounts;
    private readonly ProviderOrder<TMessage> _platform;
    private readonly LaneSignal _freed = new();

    public ChannelProviders(
        IEnumerable<IProvider<TMessage>> providers,
        RateLimiters limiters,
        IOptions<DeliveryOptions> options,
        TimeProvider time
    )
    {
        _accounts =
        [
            .. InOrder([.. providers], options.Value.Route)
                .Select(provider => new ProviderAccount<TMessage>(
                    provider,
                    limiters.For(provider.Name, provider.Credential, provider.Limit),
                    options.Value,
                    time,
                    _freed.Set
                )),
        ];
        _platform = new(_accounts);
    }

    internal IReadOnlyList<ProviderAccount<TMessage>> Accounts => _accounts;

    IReadOnlyList<IAccount> ISender.Accounts => _accounts;

    /// <inheritdoc/>
    public Task Freed => _freed.Next;

    /// <summary>
    /// Calls that the provider which gets the messages now can work on at a time; null where it has no such bound, or none may be asked.
    /// The next one's bound is not added: it gets messages only when this one gets none, or few because it is on its way back. (Where
    /// providers carry different messages, as in push, none of them may have a bound.)
    /// </summary>
    public int? Concurrency
    {
        get
        {
            ProviderAccount<TMessage>? other = null;
            foreach (var account in _accounts)
            {
                if (account.PausedUntil is not null)
                    continue;
                if (!account.IsTroubled && !account.IsComingBack && !account.IsSilent)
                    return account.Concurrency;
                other ??= account;
            }
            return other?.Concurrency;
        }
    }

    public IReadOnlyList<ProviderStanding> Standing => [.. _accounts.Select(account => account.Standing)];

    public DateTimeOffset? PausedUntil
    {
        get
        {
            DateTimeOffset? first = null;
            foreach (var account in _accounts)
            {
                if (account.PausedUntil is not { } until)
                    return null;
                if (first is null || until < first)
                    first = until;
            }
            return first;
        }
    }

    /// <inheritdoc/>
    public bool IsSplitBy(DeliveryTarget target) => For(target.Tenant).IsSplitBy(target);

    /// <inheritdoc/>
    public bool MayGoElsewhere(DeliveryTarget target) => For(target.Tenant).MayGoElsewhere(target);

    /// <inheritdoc/>
    public Obstacle? TryEnter(
        DeliveryTarget target,
        bool isRetry,
        bool isCritical,
        out Entry? entry,
        bool isLastCall = false,
        Dictionary<IAccount, Obstacle>? awaited = null
    ) => For(target.Tenant).TryEnter(target, isRetry, isCritical, out entry, isLastCall, awaited);

    /// <inheritdoc/>
    public Task<Outcome?> CallAsync(Entry entry, DeliveryTarget target, TMessage message, TimeSpan limit, CancellationToken cutOff) =>
        ((ProviderAccount<TMessage>)entry.Account).CallAsync(entry, target, message, limit, cutOff);

    /// <summary>The accounts that a tenant's messages go to, in order: the platform's, as no tenant has accounts of its own.</summary>
#pragma warning disable IDE0060, CA1801 // The key is what callers have to know; one answer serves every tenant so far.
    internal ProviderOrder<TMessage> For(string tenant) => _platform;
#pragma warning restore IDE0060, CA1801

    private static IEnumerable<IProvider<TMessage>> InOrder(List<IProvider<TMessage>> providers, IList<string> route)
    {
        if (route.Count == 0)
            return providers;
        var unknown = route.Where(name => !providers.Exists(provider => provider.Name == name)).ToList();
        if (unknown.Count > 0)
            throw new InvalidOperationException(
                $"{DeliveryOptions.SectionName}:{nameof(DeliveryOptions.Route)} names {string.Join(", ", unknown)}, which no configured provider is called. Configured: {string.Join(", ", providers.Select(provider => provider.Name))}."
            );
        return route.Distinct().Select(name => providers.First(provider => provider.Name == name));
    }
}
