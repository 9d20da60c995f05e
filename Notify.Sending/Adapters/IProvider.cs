using Notify.Core.Channels;

namespace Notify.Sending.Adapters;

/// <summary>
/// One adapter to one provider. Implementations are safe for concurrent calls, make at most one call that can deliver
/// (except the single immediate resend for a renewed token or a stream the peer never processed), never retry and never sleep.
/// </summary>
/// <typeparam name="TMessage">The channel's rendered message.</typeparam>
public interface IProvider<in TMessage>
{
    /// <summary>The provider's lower-case name in attempts, metrics and logs: <c>fcm</c>, <c>apns</c>, <c>smtp</c>,
    /// <c>twilio</c>.</summary>
    string Name { get; }

    /// <summary>Which of the installation's accounts it uses, in a form that is no secret, such as a project id: breakers and rate limits
    /// belong to it.</summary>
    string Credential { get; }

    /// <summary>What the provider allows this credential, over all processes; null for no limit.</summary>
    RateLimit? Limit { get; }

    /// <summary>
    /// Calls this process can make at a time, where something bounds them, such as connections; null (default) where nothing does. A lane
    /// begins no more than twice as many: further ones would wait in the adapter, where no other tenant can have its turn before them.
    /// </summary>
    int? Concurrency => null;

    /// <summary>Whether this provider can carry messages to the target at all, such as FCM to an Android token.</summary>
    bool CanSend(DeliveryTarget target);

    /// <summary>
    /// The scopes that messages to the target belong to, of those that <see cref="Outcome.Scope"/> may name; none by default. Asked only
    /// while one of them rests, and from several threads.
    /// </summary>
    IReadOnlyList<NamedScope> ScopesOf(DeliveryTarget target) => [];

    /// <summary>
    /// Makes one attempt. Answers and transport faults come back as an <see cref="Outcome"/> by the failure table;
    /// only a cancelled <paramref name="cancellationToken"/> throws.
    /// </summary>
    Task<Outcome> SendAsync(TMessage message, CancellationToken cancellationToken);
}
