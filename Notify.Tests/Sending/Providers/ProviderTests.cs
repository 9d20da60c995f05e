using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Sending;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Notify.Tests.Sending.Limits;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;
using Notify.Workers.Sms;

namespace Notify.Tests.Sending.Providers;

/// <summary>Providers of a test's own, in a route, without Redis, on a clock that stands.</summary>
public abstract class ProviderTests : IAsyncLifetime
{
    private protected static readonly SmsMessage Message = new(Guid.Empty, "+15005550001", "text", DateTimeOffset.MaxValue);
    private protected static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private protected readonly ManualTime _time = new();
    private protected readonly StubProvider _first = new("first");
    private protected readonly StubProvider _second = new("second");
    private protected Replica _replica = null!;

    public async ValueTask InitializeAsync() => _replica = await Replica.StartAsync(Replica.NoRedis, time: _time);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _replica.DisposeAsync();
    }

    private protected ChannelProviders<SmsMessage> ProvidersOf(StubProvider[] providers, DeliveryOptions? options = null) =>
        new(providers, _replica.Limiters, Options.Create(options ?? new()), _time);

    private protected static async Task<Outcome> CallAsync(ProviderAccount<SmsMessage> account)
    {
        Assert.Null(account.TryEnter(isRetry: false, isCritical: false, out var entry));
        return (await account.CallAsync(entry, Message, Limit, TestContext.Current.CancellationToken))!;
    }

    private protected static async Task CallAsync(
        ProviderAccount<SmsMessage> account,
        StubProvider provider,
        Outcome outcome,
        int times = 1
    )
    {
        provider.AnswerWith(outcome);
        for (var i = 0; i < times; i++)
            Assert.Equal(outcome, await CallAsync(account));
    }

    /// <summary>Refused credentials: a minute.</summary>
    private protected static Task BreakAsync(ProviderAccount<SmsMessage> account, StubProvider provider) =>
        CallAsync(account, provider, new(OutcomeKind.Misconfigured), times: 2);

    private protected static Task PauseAsync(ProviderAccount<SmsMessage> account, StubProvider provider, int seconds) =>
        CallAsync(account, provider, new(OutcomeKind.Throttled, RetryAfter: TimeSpan.FromSeconds(seconds)));
}
