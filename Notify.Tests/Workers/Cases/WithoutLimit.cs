using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;

namespace Notify.Tests.Workers.Cases;

/// <summary>Cases are about answers: all of a case's messages may go at once.</summary>
internal sealed class WithoutLimit<TMessage>(IProvider<TMessage> provider) : IProvider<TMessage>
{
    public string Name => provider.Name;

    public string Credential => provider.Credential;

    public RateLimit? Limit => null;

    public bool CanSend(DeliveryTarget target) => provider.CanSend(target);

    public IReadOnlyList<NamedScope> ScopesOf(DeliveryTarget target) => provider.ScopesOf(target);

    public Task<Outcome> SendAsync(TMessage message, CancellationToken cancellationToken) => provider.SendAsync(message, cancellationToken);
}
