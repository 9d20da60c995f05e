using Notify.Sending.Adapters;

namespace Notify.Sending.Providers;

/// <summary>
/// Accounts in the order in which they are asked: the first that works and may be called takes the message. One in trouble is asked after
/// those that are well, and still gets every twentieth message, so that its recovery is seen. One that has fallen silent is asked last, and
/// first every few seconds.
/// </summary>
internal sealed class ProviderOrder<TMessage>(ProviderAccount<TMessage>[] accounts)
{
    private const int LookEvery = 20;
    private const int Turns = 3;
    private readonly ProviderAccount<TMessage>[] _accounts = accounts;
    private int _asked;
    private int _lookOwed;

    /// <summary>Whether some of the accounts do not carry messages to this target, so that others in the lane may go where it cannot.</summary>
    public bool IsSplitBy(DeliveryTarget target)
    {
        foreach (var account in _accounts)
        {
            if (!account.CanSend(target))
                return true;
        }
        return false;
    }

    /// <summary>Whether another account that works well would take what one has put off.</summary>
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

    /// <summary>Takes the right to one call of a provider that carries the message, or says what stands in the way. With neither, no
    /// provider carries it.</summary>
    /// <param name="target">Where it is to go.</param>
    /// <param name="isRetry">Not its first call.</param>
    /// <param name="isCritical">Whether the reserve of permits is for it too.</param>
    /// <param name="entry">The right.</param>
    /// <param name="isLastCall">See <see cref="ProviderAccount{TMessage}.TryEnter(bool, bool, out Entry, bool)"/>.</param>
    /// <param name="awaited">
    /// What messages before this one wait for, and is not to be had for this one either. What this one has to wait for is added.
    /// </param>
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
}
