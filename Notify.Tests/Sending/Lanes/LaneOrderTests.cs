using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Sending;
using Notify.Sending.Adapters;
using Notify.Sending.Lanes;
using Notify.Sending.Providers;
using Notify.Tests.Sending.Limits;
using Notify.Tests.Sending.Providers;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;
using Notify.Workers.Sms;

namespace Notify.Tests.Sending.Lanes;

/// <summary>One person's messages keep their order also where some of them wait as rows.</summary>
public sealed class LaneOrderTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly DeliveryOptions _options = new();
    private Replica _replica = null!;
    private ChannelProviders<SmsMessage> _providers = null!;
    private LaneGate _gate = null!;

    public async ValueTask InitializeAsync()
    {
        _replica = await Replica.StartAsync(Replica.NoRedis, time: _time);
        _providers = new(
            [
                new StubProvider("a") { Carries = target => target.Address[0] == 'a' },
                new StubProvider("b") { Carries = target => target.Address[0] == 'b' },
            ],
            _replica.Limiters,
            Options.Create(_options),
            _time
        );
        _gate = new(Lane.Standard, _providers, addresses: null, _options, _time);
    }

    public ValueTask DisposeAsync() => _replica.DisposeAsync();

    [Fact]
    public void Messages_that_are_put_aside_one_after_the_other_come_due_in_their_order()
    {
        Pause(TimeSpan.FromDays(1));
        var jobs = Enumerable.Range(0, 20).Select(_ => Jobs.Job(address: "a1")).ToList();

        var parked = Look(jobs).Parked;

        Assert.Equal(jobs, parked.Select(entry => entry.Job));
        Assert.Equal(parked.Select(entry => entry.DueAt).Order(), parked.Select(entry => entry.DueAt));
        Assert.Equal(20, parked.Select(entry => entry.DueAt).Distinct().Count());
    }

    [Fact]
    public void Newer_message_waits_behind_one_that_was_put_aside_though_the_provider_may_be_called_again()
    {
        Pause(TimeSpan.FromMinutes(1));
        var older = Jobs.Job(address: "a1");
        var due = Assert.Single(Look([older]).Parked).DueAt;
        _time.Advance(TimeSpan.FromMinutes(1)); // the row comes due a moment later, and comes back after that
        var (newer, other) = (Jobs.Job(address: "a1"), Jobs.Job(address: "a2"));

        var admission = Look([newer, other]);

        Assert.Equal(other, Assert.Single(admission.Ready).Job);
        var behind = Assert.Single(admission.Parked);
        Assert.Equal((newer, DeliveryReasons.ProviderPaused, true), (behind.Job, behind.Reason, behind.DueAt > due));
        Assert.Equal(older, Assert.Single(Look([older]).Ready).Job);
        Assert.Equal(newer, Assert.Single(Look([newer]).Ready).Job);
        Assert.NotNull(Assert.Single(Look([Jobs.Job(address: "a1")]).Ready).Entry);
    }

    [Fact]
    public void Retry_that_waits_may_be_passed()
    {
        Pause(TimeSpan.FromMinutes(1));
        Assert.Single(Look([Jobs.Job(address: "a1", attempt: 1)]).Parked);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Single(Look([Jobs.Job(address: "a1")]).Ready);
    }

    private Admission Look(List<DeliveryJob> jobs)
    {
        var admission = new Admission();
        jobs.ForEach(job => _gate.Admit(job, admission));
        return admission;
    }

    private void Pause(TimeSpan time) =>
        _replica.Limiters.For("a", _providers.Accounts[0].Credential, null).PauseUntil(_time.GetUtcNow() + time);
}
