using System.Collections.Concurrent;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Notify.Workers.Sms;

namespace Notify.Tests.Sending.Providers;

/// <summary>A provider that answers what a test says, and remembers what it was asked.</summary>
internal sealed class StubProvider(string name = "stub") : IProvider<SmsMessage>
{
    public string Name => name;

    public string Credential => "account";

    public RateLimit? Limit { get; init; }

    public int? Concurrency { get; init; }

    public Func<DeliveryTarget, bool> Carries { get; init; } = _ => true;

    public Func<SmsMessage, CancellationToken, Task<Outcome>> Answer { get; set; } = (_, _) => Task.FromResult(Outcome.Sent("id"));

    public ConcurrentQueue<SmsMessage> Calls { get; } = [];

    public Func<DeliveryTarget, IReadOnlyList<NamedScope>> Scopes { get; init; } = _ => [];

    public IReadOnlyList<NamedScope> ScopesOf(DeliveryTarget target) => Scopes(target);

    public bool CanSend(DeliveryTarget target) => Carries(target);

    public Task<Outcome> SendAsync(SmsMessage message, CancellationToken cancellationToken)
    {
        Calls.Enqueue(message);
        return Answer(message, cancellationToken);
    }

    public void AnswerWith(Outcome outcome) => Answer = (_, _) => Task.FromResult(outcome);
}
