using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Sending;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Notify.Tests.Sending.Lanes;
using Notify.Tests.Sending.Limits;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;
using Notify.Workers.Sms;

namespace Notify.Tests.Sending.Providers;

/// <summary>A lane may wait for a provider behind another lane's calls: it hears when they end.</summary>
public sealed class ProvidersFreedTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly ManualTime _time = new();
    private readonly StubProvider _provider = new() { Limit = new(1_000, 1_000) };
    private Replica _replica = null!;
    private ChannelProviders<SmsMessage> _providers = null!;

    private ProviderAccount<SmsMessage> Account => _providers.Accounts[0];

    public async ValueTask InitializeAsync()
    {
        _replica = await Replica.StartAsync(Replica.NoRedis, time: _time);
        await Away.UntilLocalAsync(_replica, _provider, _time);
        _time.Advance(TimeSpan.FromSeconds(10));
        _providers = new([_provider], _replica.Limiters, Options.Create(new DeliveryOptions()), _time);
    }

    public ValueTask DisposeAsync() => _replica.DisposeAsync();

    [Fact]
    public async Task Probe_that_ends_frees_the_provider()
    {
        var probe = await ProbeAsync();
        Assert.Equal(ObstacleKind.Busy, Account.TryEnter(isRetry: false, isCritical: true, out _)?.Kind);
        var freed = _providers.Freed;

        Account.Leave(probe);

        Assert.True(freed.IsCompleted);
        Assert.Null(Account.TryEnter(isRetry: false, isCritical: true, out _));
    }

    [Fact]
    public async Task Call_that_ends_while_few_are_made_frees_the_provider()
    {
        var probe = await ProbeAsync();
        _provider.AnswerWith(Outcome.Sent("id"));
        await Account.CallAsync(probe, Jobs.Message, Limit, TestContext.Current.CancellationToken);
        Entry last = default;
        while (Account.TryEnter(isRetry: false, isCritical: false, out var entry) is null)
            last = entry;
        var freed = _providers.Freed;

        await Account.CallAsync(last, Jobs.Message, Limit, TestContext.Current.CancellationToken);

        Assert.True(freed.IsCompleted);
        Assert.Null(Account.TryEnter(isRetry: false, isCritical: true, out _));
    }

    [Fact]
    public async Task Lane_that_finds_no_permit_while_few_calls_are_made_does_not_wake_itself()
    {
        var probe = await ProbeAsync();
        _provider.AnswerWith(Outcome.Sent("id"));
        await Account.CallAsync(probe, Jobs.Message, Limit, TestContext.Current.CancellationToken);
        _replica.Limiters.For(_provider.Name, _provider.Credential, _provider.Limit).TryTake(10_000, critical: true);
        var freed = _providers.Freed;

        Assert.Equal(ObstacleKind.NoPermit, Account.TryEnter(isRetry: false, isCritical: false, out _)?.Kind);

        Assert.False(freed.IsCompleted);
    }

    [Fact]
    public async Task Provider_that_is_well_tells_nobody()
    {
        var freed = _providers.Freed;
        Assert.Null(Account.TryEnter(isRetry: false, isCritical: false, out var entry));

        await Account.CallAsync(entry, Jobs.Message, Limit, TestContext.Current.CancellationToken);

        Assert.False(freed.IsCompleted); // nobody waits, and each telling costs
    }

    /// <summary>The right to the one call that tries whether the provider works again.</summary>
    private async Task<Entry> ProbeAsync()
    {
        _provider.AnswerWith(new(OutcomeKind.Misconfigured));
        for (var i = 0; i < 2; i++)
        {
            Assert.Null(Account.TryEnter(isRetry: false, isCritical: false, out var entry));
            await Account.CallAsync(entry, Jobs.Message, Limit, TestContext.Current.CancellationToken);
        }
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(Account.TryEnter(isRetry: false, isCritical: false, out var probe));
        Assert.True(probe.IsProbe);
        return probe;
    }
}
