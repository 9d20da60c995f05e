using Notify.Sending.Adapters;

namespace Notify.Sending.Providers;

/// <summary>
/// What the lanes of a channel send through. The providers of a channel are one kind (<see cref="ChannelProviders{TMessage}"/>); a channel
/// that needs none, such as an inbox in Postgres, has a sender of its own, for which the members with a default need not be written.
/// </summary>
public interface ISender
{
    private static readonly Task s_never = new TaskCompletionSource().Task;

    /// <summary>All that calls may go to, always the same ones in the same order.</summary>
    IReadOnlyList<IAccount> Accounts { get; }

    /// <summary>When the first of the accounts may be called again; null while one may be called now.</summary>
    DateTimeOffset? PausedUntil => null;

    /// <summary>Calls that can be worked on at a time; null where the sender has no such bound.</summary>
    int? Concurrency => null;

    /// <summary>Ends when an account that is called by few at a time has room again, whichever lane made the call.</summary>
    Task Freed => s_never;

    /// <summary>Whether some accounts do not carry messages to this target, so that others in the lane may go where it cannot.</summary>
    bool IsSplitBy(DeliveryTarget target) => false;

    /// <summary>Whether another account that works well would take what one has put off.</summary>
    bool MayGoElsewhere(DeliveryTarget target) => false;

    /// <summary>Takes the right to one call, or says what stands in the way. With neither, nothing carries such a message.</summary>
    /// <param name="target">Where it is to go.</param>
    /// <param name="isRetry">Not its first call.</param>
    /// <param name="isCritical">Whether the reserve of permits is for it too.</param>
    /// <param name="entry">The right.</param>
    /// <param name="isLastCall">The message has no other call left.</param>
    /// <param name="awaited">
    /// What messages before this one wait for, and is not to be had for this one either. What this one has to wait for is added.
    /// </param>
    Obstacle? TryEnter(
        DeliveryTarget target,
        bool isRetry,
        bool isCritical,
        out Entry? entry,
        bool isLastCall = false,
        Dictionary<IAccount, Obstacle>? awaited = null
    );
}

/// <summary>A sender of one kind of messages.</summary>
public interface ISender<in TMessage> : ISender
{
    /// <summary>Uses the right. Null where it turned out at the last moment that no call may be made: nothing was called.</summary>
    /// <param name="entry">The right, which ends here.</param>
    /// <param name="target">Where the message goes.</param>
    /// <param name="message">What is sent.</param>
    /// <param name="limit">How long the call may take; then its answer counts as lost.</param>
    /// <param name="cutOff">Ends the call when the worker stops.</param>
    Task<Outcome?> CallAsync(Entry entry, DeliveryTarget target, TMessage message, TimeSpan limit, CancellationToken cutOff);
}

/// <summary>What a call goes to: one provider's account, or a sender itself that has no providers.</summary>
public interface IAccount
{
    /// <summary>Its name in attempts, metrics and logs.</summary>
    string Name { get; }

    /// <summary>When it may be called again; null while it may be called now.</summary>
    DateTimeOffset? PausedUntil => null;

    /// <summary>Has fallen silent: the calls that it has are not to take others' room.</summary>
    bool IsSilent => false;

    /// <summary>Gives a right back that was not used.</summary>
    void Leave(Entry entry) { }
}
