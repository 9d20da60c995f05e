using Notify.Core.Channels;

namespace Notify.Core.Deliveries;

/// <summary>Picks the provider that carries a message and calls it once, within a bound of time.</summary>
public sealed class ProviderCaller<TMessage>(IEnumerable<IProvider<TMessage>> providers, TimeProvider time)
{
    private readonly IProvider<TMessage>[] _providers = [.. providers];

    public async Task<(string Provider, Outcome Outcome)> CallAsync(TMessage message, TimeSpan limit)
    {
        var provider = Array.Find(_providers, candidate => candidate.CanSend(message));
        if (provider is null)
            return ("none", new Outcome(OutcomeKind.Misconfigured, Code: DeliveryReasons.NoProvider, Detail: "No configured provider carries this kind of message."));
        using var cutOff = new CancellationTokenSource(limit, time);
        try
        {
            return (provider.Name, await provider.SendAsync(message, cutOff.Token));
        }
        catch (OperationCanceledException) when (cutOff.IsCancellationRequested)
        {
            return (provider.Name, new Outcome(OutcomeKind.Ambiguous, Code: "timeout", Detail: "The provider did not answer before the claim's lease ran out."));
        }
#pragma warning disable CA1031 // One of the three places where faults are caught: what an adapter did not foresee may have been sent.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return (provider.Name, new Outcome(OutcomeKind.Ambiguous, Code: fault.GetType().Name, Detail: "The adapter failed in a way it did not foresee."));
        }
    }
}
