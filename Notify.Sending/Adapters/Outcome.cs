using Notify.Core.Channels;

namespace Notify.Sending.Adapters;

/// <summary>
/// What a provider adapter returns for one attempt. <see cref="Code"/> and <see cref="Detail"/> are stored and shown:
/// they never hold an address, a token, a message text or a secret.
/// </summary>
/// <param name="Kind">The class that decides what happens next.</param>
/// <param name="ProviderMessageId">The provider's own id of the accepted message; only for <see cref="OutcomeKind.Sent"/>.</param>
/// <param name="Code">The provider's stable code, such as <c>UNREGISTERED</c>, <c>21610</c> or <c>550 5.1.1</c>; null when sent.</param>
/// <param name="Detail">A short explanation for operators; at most 300 characters.</param>
/// <param name="RetryAfter">How long the provider asked to wait, already resolved from seconds or a date; wins over the schedule.</param>
/// <param name="Schedule">
/// A provider's own first delay and floor for transient outcomes; null uses the channel's schedule. Of a throttled one: its waits double
/// from the floor to the ceiling while no message is taken.
/// </param>
/// <param name="MaxAttempts">A lower bound on calls than the channel's own, for classes that are worth fewer tries; null for none.</param>
/// <param name="Segments">Message segments billed, where the channel counts them (SMS).</param>
/// <param name="ConcernsAddress">
/// The answer is about this address or its host alone (APNs <c>TooManyRequests</c>, a greylisted mailbox): the provider's other messages go
/// on.
/// </param>
/// <param name="Scope">
/// What a misconfigured or throttled answer concerns where that is less than the whole credential, such as one
/// country (<see cref="FaultScopes.Of"/>): only that waits. Null for the credential, or where <paramref name="ConcernsAddress"/> says it.
/// </param>
/// <param name="ConcernsMessage">
/// A permanent refusal of what the message itself is (too large, empty): sending it again can change nothing, whatever is mended elsewhere.
/// </param>
/// <param name="Doubt">Of a dead address: what else may be the cause.</param>
public sealed record Outcome(
    OutcomeKind Kind,
    string? ProviderMessageId = null,
    string? Code = null,
    string? Detail = null,
    TimeSpan? RetryAfter = null,
    RetrySchedule? Schedule = null,
    int? MaxAttempts = null,
    int? Segments = null,
    bool ConcernsAddress = false,
    NamedScope? Scope = null,
    bool ConcernsMessage = false,
    TokenDoubt Doubt = TokenDoubt.None
)
{
    public static Outcome Sent(string? providerMessageId, int? segments = null) =>
        new(OutcomeKind.Sent, providerMessageId, Segments: segments);
}

/// <summary>
/// What else than the end of a token makes a provider call it dead: with enough of them in a short time it is that, and no token is to
/// blame.
/// </summary>
public enum TokenDoubt
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A wrong setting: another project, app or environment.</summary>
    Setting,

    /// <summary>The change of a project or team, where tokens that are really gone look the same and are common.</summary>
    Project,
}
