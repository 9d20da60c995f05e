using Notify.Core.Channels;
using Notify.Sending.Adapters;

namespace Notify.Sending.Providers;

/// <summary>What an answer says about the provider, whatever it means for the delivery.</summary>
internal enum AnswerKind
{
    /// <summary>The provider let us in and dealt with the message, if only by refusing its recipient.</summary>
    Accepted,

    /// <summary>The call failed, or its answer was lost.</summary>
    Failed,

    /// <summary>The provider refused our credentials or our setup as a whole.</summary>
    Refused,

    /// <summary>The provider asks for a wait.</summary>
    Throttled,

    /// <summary>The answer is about an address or one scope, and says nothing about the provider as a whole.</summary>
    Aside,
}

internal static class AnswerKinds
{
    public static AnswerKind Of(Outcome outcome) =>
        outcome switch
        {
            { Kind: OutcomeKind.Sent or OutcomeKind.Permanent or OutcomeKind.DeadAddress or OutcomeKind.OptedOut } => AnswerKind.Accepted,
            { ConcernsAddress: true } => AnswerKind.Aside,
            { Kind: OutcomeKind.Transient or OutcomeKind.Ambiguous } => AnswerKind.Failed,
            { Kind: OutcomeKind.Throttled } => AnswerKind.Throttled,
            { Kind: OutcomeKind.Misconfigured, Scope: null } => AnswerKind.Refused,
            _ => AnswerKind.Aside,
        };

    /// <summary>Whether the provider is well, as far as this answer tells.</summary>
    public static bool SaysNothingAgainst(Outcome outcome) =>
        outcome.ConcernsAddress
        || outcome.Scope is not null
        || outcome.Kind is not (OutcomeKind.Transient or OutcomeKind.Ambiguous or OutcomeKind.Misconfigured or OutcomeKind.Throttled);

    /// <summary>
    /// Whether the provider itself spoke, whatever it said. A fault of the network or a time that ran out is not an answer of the provider.
    /// </summary>
    public static bool IsAnswer(Outcome outcome) =>
        outcome.ConcernsAddress || outcome.Kind is not (OutcomeKind.Transient or OutcomeKind.Ambiguous);
}
