using Notify.Core.Channels;
using Notify.Sending.Adapters;

namespace Notify.Sending.Providers;

/// <summary>One call of an adapter: it ends in time, and whatever comes out of it is an outcome.</summary>
internal static class ProviderCall
{
    /// <param name="provider">The adapter.</param>
    /// <param name="message">What it sends.</param>
    /// <param name="over">Ends the call when its time is over, and when the worker stops: its answer counts as lost then.</param>
    /// <param name="cutOff">Says which of the two it was.</param>
    public static async ValueTask<Outcome> MakeAsync<TMessage>(
        IProvider<TMessage> provider,
        TMessage message,
        CancellationToken over,
        CancellationToken cutOff
    )
    {
        try
        {
            return await provider.SendAsync(message, over);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return cutOff.IsCancellationRequested
                ? new Outcome(OutcomeKind.Ambiguous, Code: "stopped", Detail: "The worker stopped before the provider answered.")
                : new Outcome(OutcomeKind.Ambiguous, Code: "timeout", Detail: "The provider did not answer in time.");
        }
#pragma warning disable CA1031 // One of the three places where faults are caught: what an adapter did not foresee may have been sent.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return new Outcome(
                OutcomeKind.Ambiguous,
                Code: fault.GetType().Name,
                Detail: "The adapter failed in a way it did not foresee."
            );
        }
    }
}
