using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Http;
using Notify.Sending.Limits;

namespace Notify.Sending.Providers;

/// <summary>What rests after an answer: the whole credential, one of its scopes, or nothing any more that the message belongs to.</summary>
internal sealed class AnswerPauses(RateLimiter permits, RestingScopes scopes, Ramp ramp, TimeSpan misconfiguredWait, TimeProvider time)
{
    private static readonly TimeSpan Default = TimeSpan.FromSeconds(60);
    private readonly GrowingPause _growing = new(time);

    /// <summary>Lets rest what the answer concerns. The outcome, with the wait that it comes to.</summary>
    public Outcome After<TMessage>(Outcome outcome, IProvider<TMessage> provider, DeliveryTarget target)
    {
        switch (outcome)
        {
            case { ConcernsAddress: true }:
                break;
            case { Kind: OutcomeKind.Throttled }:
                outcome = Grown(outcome);
                var pause = outcome.RetryAfter ?? Default;
                if (outcome.Scope is not null)
                    scopes.Rest(outcome, pause);
                else
                    permits.PauseUntil(time.GetUtcNow() + pause);
                break;
            case { Kind: OutcomeKind.Misconfigured, Scope: not null }:
                scopes.Rest(outcome, outcome.RetryAfter ?? misconfiguredWait);
                break;
            case { Kind: OutcomeKind.Sent or OutcomeKind.Permanent or OutcomeKind.DeadAddress or OutcomeKind.OptedOut }:
                _growing.End();
                if (scopes.Any)
                    scopes.Clear(provider.ScopesOf(target)); // whoever refuses a recipient has accepted the sender
                break;
        }
        return outcome;
    }

    private Outcome Grown(Outcome outcome)
    {
        if (outcome.Schedule is not { } schedule)
            return outcome;
        var (wait, isNews) = _growing.After(outcome, schedule);
        if (isNews && outcome.Scope is null)
            ramp.Start(); // the rate was too high: few calls at a time
        return outcome with { RetryAfter = wait };
    }
}
