using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;

namespace Notify.Sending.Http;

/// <summary>One row of a provider's failure table: what an answer means for the delivery.</summary>
/// <param name="Kind">The class of the outcome.</param>
/// <param name="Detail">For operators; never anything of the message or the address.</param>
/// <param name="RetryAfter">The wait where the answer itself names none.</param>
/// <param name="Schedule">The provider's own back-off; null for the channel's.</param>
/// <param name="MaxAttempts">Fewer calls than the channel's own; null for none.</param>
/// <param name="Scope">What the answer concerns: the provider's other messages go on.</param>
/// <param name="Doubt">Of a dead address: what else may be the cause.</param>
public sealed record FailureRule(
    OutcomeKind Kind,
    string Detail,
    TimeSpan? RetryAfter = null,
    RetrySchedule? Schedule = null,
    int? MaxAttempts = null,
    FaultScope Scope = FaultScope.Account,
    TokenDoubt Doubt = TokenDoubt.None
)
{
    /// <param name="code">The provider's code, shown and stored.</param>
    /// <param name="askedFor">The wait that the answer named.</param>
    /// <param name="scope">The name of the scope, where the rule's is one that can rest by itself.</param>
    public Outcome ToOutcome(string code, TimeSpan? askedFor = null, NamedScope? scope = null) =>
        new(
            Kind,
            Code: code,
            Detail: Detail,
            RetryAfter: Kind is OutcomeKind.Throttled or OutcomeKind.Transient ? askedFor ?? RetryAfter : null,
            Schedule: Schedule,
            MaxAttempts: MaxAttempts,
            ConcernsAddress: Scope == FaultScope.Address,
            Scope: Scope is FaultScope.Account or FaultScope.Address or FaultScope.Message ? null : scope,
            ConcernsMessage: Scope == FaultScope.Message,
            Doubt: Doubt
        );
}
