using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Sending;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Notify.Tests.Sending.Limits;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;
using Notify.Workers.Email;
using Notify.Workers.Push;
using Notify.Workers.Sms;
using Options = Microsoft.Extensions.Options.Options;

namespace Notify.Tests.Workers.Cases;

/// <summary>A provider's adapter before a scripted server of the same kind, and the route it stands in.</summary>
internal abstract class CaseDoor : IAsyncDisposable
{
    /// <summary>Requests, or mails begun, so far.</summary>
    protected abstract int Calls { get; }

    /// <summary>Says this from now on; null for the usual yes.</summary>
    protected abstract void Play(JsonElement? answers);

    public abstract Task RunAsync(ProviderCase @case, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    /// <typeparam name="TMessage">The channel's message.</typeparam>
    internal abstract class Of<TMessage> : CaseDoor
    {
        private readonly ManualTime _time = new();

        /// <summary>The route's time: it passes between messages as the case says.</summary>
        protected TimeProvider Clock => _time;

        protected abstract IProvider<TMessage> Provider { get; }

        protected abstract TMessage MessageTo(CaseSend send, string? to);

        public override async Task RunAsync(ProviderCase @case, CancellationToken cancellationToken)
        {
            await using var replica = await Replica.StartAsync(Replica.NoRedis, time: _time);
            var options = new DeliveryOptions();
            var providers = new ChannelProviders<TMessage>(
                [new WithoutLimit<TMessage>(Provider)],
                replica.Limiters,
                Options.Create(options),
                _time
            );
            foreach (var (index, send) in @case.Sends.Index())
            {
                _time.Advance(send.After);
                for (var n = 1; n <= send.Times; n++)
                {
                    Play(send.Answers);
                    var what = $"message {index + 1}.{n} of \"{@case.About}\"";
                    var message = MessageTo(send, send.To?.Replace("{n}", $"{n}", StringComparison.Ordinal));
                    await SendAsync(providers, options, message, send.Expect, what, cancellationToken);
                }
            }
        }

        private async Task SendAsync(
            ChannelProviders<TMessage> providers,
            DeliveryOptions options,
            TMessage message,
            CaseExpectation expect,
            string what,
            CancellationToken cancellationToken
        )
        {
            var before = Calls;
            var obstacle = providers.TryEnter(TargetOf(message), isRetry: false, isCritical: false, out var entry);
            if (expect.Held is { } held)
            {
                Assert.True(obstacle is not null, $"{what} is sent.");
                Check(what, "held", held, ReasonOf(obstacle!.Value));
                Check(what, "scope", expect.Scope, obstacle.Value.Scope?.Name ?? "");
            }
            else
            {
                Assert.True(obstacle is null && entry is not null, $"{what} is not sent: {obstacle}.");
                var outcome = (
                    await providers.CallAsync(entry!.Value, TargetOf(message), message, options.SendTimeout, cancellationToken)
                )!;
                var now = _time.GetUtcNow();
                var transition = Transitions.For(outcome, attempt: 1, atMostOnce: false, now.AddDays(3), now, options, jitter: 0);
                Check(what, "outcome", expect.Outcome, outcome.Kind.ToName());
                Check(what, "code", expect.Code, outcome.Code ?? "");
                Check(what, "scope", expect.Scope, outcome.Scope?.Name ?? "");
                Check(what, "state", expect.State, transition.State.ToName());
                Check(what, "reason", expect.Reason, transition.Reason ?? "");
                Check(what, "dead letter", expect.DeadLetter, transition.LeavesLetter);
                Check(what, "wait", expect.Waits, transition.DueAt - now);
                Assert.True(outcome.Kind == OutcomeKind.Sent || !string.IsNullOrEmpty(outcome.Detail), $"{what} has no detail.");
                Assert.False(
                    $"{outcome with { ProviderMessageId = null }}".Contains('@', StringComparison.Ordinal),
                    $"{what} shows an address."
                );
            }
            Check(what, "calls", expect.Calls, Calls - before);
            Check(what, "provider", expect.Provider, providers.Standing[0].State);
        }

        private static DeliveryTarget TargetOf(TMessage message) =>
            message switch
            {
                PushMessage push => Push.PushMessages.TargetOf(push),
                EmailMessage mail => new("t", mail.To),
                SmsMessage text => new("t", text.To),
                _ => throw new ArgumentOutOfRangeException(nameof(message)),
            };

        private static string ReasonOf(Obstacle obstacle) =>
            obstacle switch
            {
                { Kind: ObstacleKind.ScopeRests, Scope.Kind: OutcomeKind.Throttled } => DeliveryReasons.Throttled,
                { Kind: ObstacleKind.ScopeRests } => DeliveryReasons.Misconfigured,
                { Kind: ObstacleKind.Paused } => DeliveryReasons.ProviderPaused,
                _ => obstacle.Kind.ToString(),
            };

        private static void Check<T>(string what, string which, T? expected, T actual)
            where T : class
        {
            if (expected is not null)
                Assert.True(expected.Equals(actual), $"{what}: {which} is to be {expected}, and is {actual}.");
        }

        private static void Check<T>(string what, string which, T? expected, T? actual)
            where T : struct
        {
            if (expected is not null)
                Assert.True(expected.Equals(actual), $"{what}: {which} is to be {expected}, and is {actual}.");
        }
    }
}
