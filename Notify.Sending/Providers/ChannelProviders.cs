using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Providers;
using Notify.Sending.Adapters;
using Notify.Sending.Limits;

namespace Notify.Sending.Providers;

/// <summary>
/// The providers of a channel, in order: the first that works and may be called takes the message. One in trouble is asked after those
/// that are well, and still gets every twentieth message, so that its recovery is seen. One that has fallen silent is asked last, and
/// first every few seconds.
/// </summary>
public sealed class ChannelProviders<TMessage> : ISender<TMessage>, IProviderStandings
{
    private const int LookEvery = 20;
    private const int Turns = 3;
    private readonly ProviderAccount<TMessage>[] _accounts;
    private readonly LaneSignal _freed = new();
    private int _asked;
    private int _lookOwed;

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
                    Jitter.Next,
                    _freed.Set
                )),
        ];
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
    public bool IsSplitBy(DeliveryTarget target)
    {
        foreach (var account in _accounts)
        {
            if (!account.CanSend(target))
                return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public bool MayGoElsewhere(DeliveryTarget target)
    {
        var (carry, well) = (0, 0);
        foreach (var account in _accounts)
        {
            if (!account.CanSend(target))
                continue;
            carry++;
            if (account.PausedUntil is null && !account.IsTroubled && !account.IsSilent && !account.RestsFor(target))
                well++;
        }
        return carry > 1 && well > 0;
    }

    /// <inheritdoc/>
    public Task<Outcome?> CallAsync(Entry entry, DeliveryTarget target, TMessage message, TimeSpan limit, CancellationToken cutOff) =>
        ((ProviderAccount<TMessage>)entry.Account).CallAsync(entry, target, message, limit, cutOff);

    /// <inheritdoc/>
    public Obstacle? TryEnter(
        DeliveryTarget target,
        bool isRetry,
        bool isCritical,
        out Entry? entry,
        bool isLastCall = false,
        Dictionary<IAccount, Obstacle>? awaited = null
    )
    {
        (ProviderAccount<TMessage> At, Obstacle Obstacle)? nearest = null;
        // As they are now: one that changes on the way is neither skipped nor asked twice.
        Span<int> turns = stackalloc int[_accounts.Length];
        var (looks, owed) = (false, false);
        if (_accounts.Length > 1)
        {
            owed = Interlocked.Exchange(ref _lookOwed, 0) == 1;
            looks = Interlocked.Increment(ref _asked) % LookEvery == 0 || owed;
            for (var i = 0; i < _accounts.Length; i++)
                turns[i] = TurnOf(_accounts[i], looks);
        }
        for (var turn = 0; turn < Turns; turn++)
        {
            for (var i = 0; i < _accounts.Length; i++)
            {
                if (turns[i] != turn || !_accounts[i].CanSend(target))
                    continue;
                var account = _accounts[i];
                if (!IsAwaited(account, awaited, out var obstacle))
                {
                    if (account.TryEnter(target, isRetry, isCritical, out var taken, isLastCall) is not { } refusal)
                    {
                        entry = taken;
                        return null;
                    }
                    obstacle = refusal;
                }
                if (obstacle.Kind == ObstacleKind.NoPermit && !account.IsSilent)
                {
                    // One that is seldom asked holds no permits until they are asked for: the look is made up by whoever comes when they
                    // are there, or it would never be made.
                    var isLook = looks && account.IsTroubled;
                    if (isLook)
                        Volatile.Write(ref _lookOwed, 1);
                    if (!isLook || !owed)
                    {
                        // A provider that has sent what it may for this moment is well: the message waits for it, and no other takes its
                        // place. So does the first that is to look.
                        entry = null;
                        awaited?.TryAdd(account, obstacle);
                        return obstacle;
                    }
                }
                if (
                    nearest is not { Obstacle: var known }
                    || obstacle.Kind < known.Kind
                    || (obstacle.Kind == known.Kind && obstacle.Until < known.Until)
                )
                    nearest = (account, obstacle);
            }
        }
        entry = null;
        if (nearest is { Obstacle.Kind: ObstacleKind.NoPermit or ObstacleKind.Busy } wait)
            awaited?.TryAdd(wait.At, wait.Obstacle);
        return nearest?.Obstacle;
    }

    /// <summary>Which of them is asked when. One that is silent may be in trouble too: its tries are rarer than looks.</summary>
    private static int TurnOf(ProviderAccount<TMessage> account, bool looks)
    {
        if (account.IsAvoided)
            return Turns - 1;
        return account.IsTroubled && !looks && !account.IsSilent ? 1 : 0;
    }

    private static bool IsAwaited(ProviderAccount<TMessage> account, Dictionary<IAccount, Obstacle>? awaited, out Obstacle obstacle)
    {
        obstacle = default;
        return awaited is { Count: > 0 } && awaited.TryGetValue(account, out obstacle) && account.PausedUntil is null;
    }

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
