using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Sending;
using Notify.Sending.Adapters;
using Notify.Sending.Lanes;
using Notify.Sending.Limits;
using Notify.Sending.Providers;
using Notify.Tests.Sending.Limits;
using Notify.Tests.Sending.Providers;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;
using Notify.Workers.Sms;

namespace Notify.Tests.Sending.Lanes;

public sealed class LaneGateTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly DeliveryOptions _options = new();
    private Replica _replica = null!;

    public async ValueTask InitializeAsync() =>
        _replica = await Replica.StartAsync(Replica.NoRedis, new() { LocalFraction = 1, CriticalReserve = 0 }, _time);

    public ValueTask DisposeAsync() => _replica.DisposeAsync();

    [Fact]
    public void What_may_go_goes_with_the_right_to_a_call()
    {
        var admission = Look(Gate(ProvidersOf(new StubProvider("a"))), [Jobs.Job(), Jobs.Job()]);

        Assert.Equal(2, admission.Ready.Count);
        Assert.All(admission.Ready, ready => Assert.Equal("a", ready.Entry?.Account.Name));
        Assert.Null(admission.LookAgainAt);
    }

    [Fact]
    public void Channel_of_which_nobody_may_be_called_holds_all_it_has()
    {
        var providers = ProvidersOf(new StubProvider("a"), new StubProvider("b"));
        Pause(providers, 0, 60);
        Pause(providers, 1, 30);
        List<DeliveryJob> jobs = [Jobs.Job(), Jobs.Job(attempt: 3)];

        var admission = Look(Gate(providers), jobs);

        Assert.Equal(jobs, admission.Held);
        Assert.Equal(_time.GetUtcNow().AddSeconds(30), admission.LookAgainAt);
        Assert.Empty(admission.Ready);
        Assert.Empty(admission.Parked);
    }

    [Fact]
    public void What_expires_while_the_channel_stands_is_looked_at_when_it_does_and_settled_without_a_call()
    {
        var providers = ProvidersOf(new StubProvider("a"));
        Pause(providers, 0, 60);
        var job = Jobs.Job(expiresAt: _time.GetUtcNow().AddSeconds(20));
        var gate = Gate(providers);
        Assert.Equal(_time.GetUtcNow().AddSeconds(20), Look(gate, [job, Jobs.Job()]).LookAgainAt);

        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal((job, null), Assert.Single(Look(gate, [job]).Ready));
    }

    [Fact]
    public void Where_only_a_messages_own_provider_is_away_it_waits_as_a_row_and_others_go()
    {
        var providers = ProvidersOf(
            new StubProvider("a") { Carries = target => target.Address == "a" },
            new StubProvider("b") { Carries = target => target.Address == "b" }
        );
        Pause(providers, 0, 60);
        var (away, alive) = (Jobs.Job(address: "a"), Jobs.Job(address: "b"));

        var admission = Look(Gate(providers), [away, alive]);

        var parked = Assert.Single(admission.Parked);
        Assert.Equal((away, DeliveryReasons.ProviderPaused), (parked.Job, parked.Reason));
        Assert.InRange(parked.DueAt, _time.GetUtcNow().AddSeconds(60), _time.GetUtcNow().AddSeconds(60) + _options.RetryBase);
        Assert.Equal(alive, Assert.Single(admission.Ready).Job);
        Assert.Empty(admission.Held);
    }

    [Fact]
    public async Task What_belongs_to_a_refused_scope_waits_as_a_row_that_names_it_and_others_go()
    {
        var provider = new StubProvider("a") { Scopes = target => [FaultScopes.Of(FaultScope.Country, target.Address)] };
        var providers = ProvidersOf(provider);
        provider.AnswerWith(new(OutcomeKind.Misconfigured, Code: "21408", Scope: FaultScopes.Of(FaultScope.Country, Jobs.Message.To)));
        await CallAsync(providers, 0);
        var (refused, other) = (Jobs.Job(), Jobs.Job(address: "another"));

        var admission = Look(Gate(providers), [refused, other]);

        var parked = Assert.Single(admission.Parked);
        Assert.Equal(
            (refused, DeliveryReasons.Misconfigured, $"country:{refused.Target.Address}"),
            (parked.Job, parked.Reason, parked.Scope)
        );
        Assert.InRange(
            parked.DueAt,
            _time.GetUtcNow() + _options.MisconfiguredWait,
            _time.GetUtcNow() + _options.MisconfiguredWait + _options.RetryBase
        );
        Assert.Equal(other, Assert.Single(admission.Ready).Job);
        Assert.Empty(admission.Held);
    }

    [Fact]
    public async Task Retry_beyond_the_budget_waits_as_a_row_and_a_first_call_goes()
    {
        var provider = new StubProvider("a");
        var providers = ProvidersOf(provider);
        provider.AnswerWith(new(OutcomeKind.Transient));
        for (var i = 0; i < 3; i++)
            await CallAsync(providers, 0);
        var account = providers.Accounts[0];
        while (account.TryEnter(isRetry: true, isCritical: false, out _) is null) { }
        var (retry, first) = (Jobs.Job(attempt: 1), Jobs.Job(address: "another"));

        var admission = Look(Gate(providers), [retry, first]);

        var parked = Assert.Single(admission.Parked);
        Assert.Equal((retry, DeliveryReasons.RetryBudget), (parked.Job, parked.Reason));
        Assert.InRange(parked.DueAt, _time.GetUtcNow() + _options.RetryBase, _time.GetUtcNow() + (2 * _options.RetryBase));
        Assert.Equal(first, Assert.Single(admission.Ready).Job);
    }

    [Fact]
    public async Task Address_at_its_limit_waits_as_a_row_and_its_permit_goes_to_another()
    {
        var provider = new StubProvider("a") { Limit = new(1, 1) };
        await Away.UntilLocalAsync(_replica, provider, _time);
        var addresses = new AddressLimiter(Options.Create(new DeviceLimitOptions { PerMinute = 1, PerHour = 100 }), _time);
        Assert.Null(addresses.DelayFor("busy"));
        _time.Advance(TimeSpan.FromSeconds(10)); // one permit, and no more than one
        var (busy, other, third) = (Jobs.Job(address: "busy"), Jobs.Job(address: "other"), Jobs.Job(address: "third"));

        var admission = Look(Gate(ProvidersOf(provider), addresses), [busy, other, third]);

        var parked = Assert.Single(admission.Parked);
        Assert.Equal((busy, DeliveryReasons.AddressLimit), (parked.Job, parked.Reason));
        Assert.InRange(parked.DueAt, _time.GetUtcNow().AddSeconds(1), _time.GetUtcNow().AddMinutes(2));
        Assert.Equal(other, Assert.Single(admission.Ready).Job);
        Assert.Equal(third, Assert.Single(admission.Held));
        Assert.Equal(_replica.Limiters.For("a", provider.Credential, provider.Limit), Assert.Single(admission.AwaitedPermits));
    }

    [Fact]
    public void What_no_provider_carries_waits_as_a_row_without_a_claim()
    {
        var job = Jobs.Job();

        var admission = Look(Gate(ProvidersOf(new StubProvider { Carries = _ => false })), [job]);

        Assert.Empty(admission.Ready);
        var parked = Assert.Single(admission.Parked);
        Assert.Equal((job, DeliveryReasons.NoProvider), (parked.Job, parked.Reason));
        Assert.InRange(parked.DueAt, _time.GetUtcNow().AddSeconds(60), _time.GetUtcNow().AddSeconds(65));
    }

    private ChannelProviders<SmsMessage> ProvidersOf(params StubProvider[] providers) =>
        new(providers, _replica.Limiters, Options.Create(_options), _time);

    private LaneGate Gate(ChannelProviders<SmsMessage> providers, AddressLimiter? addresses = null) =>
        new(Lane.Standard, providers, addresses, _options, _time);

    private static Admission Look(LaneGate gate, List<DeliveryJob> jobs)
    {
        var admission = new Admission();
        jobs.ForEach(job => gate.Admit(job, admission));
        return admission;
    }

    private static async Task CallAsync(ChannelProviders<SmsMessage> providers, int account)
    {
        Assert.Null(providers.Accounts[account].TryEnter(isRetry: false, isCritical: false, out var entry));
        await providers.Accounts[account].CallAsync(entry, Jobs.Message, TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
    }

    private void Pause(ChannelProviders<SmsMessage> providers, int account, int seconds)
    {
        // What another replica or an earlier call was told: the credential's limiter is the same.
        _replica
            .Limiters.For(providers.Accounts[account].Name, providers.Accounts[account].Credential, null)
            .PauseUntil(_time.GetUtcNow().AddSeconds(seconds));
    }
}
