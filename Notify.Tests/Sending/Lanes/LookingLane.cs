using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Sending;
using Notify.Sending.Adapters;
using Notify.Sending.Lanes;
using Notify.Sending.Limits;
using Notify.Sending.Providers;
using Notify.Tests.Sending.Providers;
using Notify.Workers.Sms;

namespace Notify.Tests.Sending.Lanes;

/// <summary>What a lane does in memory: a queue, a gate and the calls that come of them, without the rows.</summary>
internal sealed class LookingLane(LocalLimits limits)
{
    private const int Room = 256; // as a lane of the usual settings has it
    private readonly LaneQueue _queue = new();
    private LaneGate _gate = null!;

    public List<DeliveryJob> Added { get; } = [];

    public List<DeliveryJob> Sent { get; } = [];

    public Task StartAsync(int? perSecond, AddressLimiter? addresses = null, Func<DeliveryTarget, bool>? carries = null) =>
        StartOnAsync(
            [new StubProvider { Limit = perSecond is { } rate ? new(rate, rate) : null, Carries = carries ?? (_ => true) }],
            addresses
        );

    public async Task StartOnAsync(StubProvider[] providers, AddressLimiter? addresses = null)
    {
        var options = new DeliveryOptions();
        ChannelProviders<SmsMessage> channelProviders = new(providers, limits.Replica.Limiters, Options.Create(options), limits.Time);
        _gate = new(Lane.Standard, channelProviders, addresses, options, limits.Time);
        foreach (var provider in providers)
        {
            if (provider.Limit is { } limit)
            {
                var permits = await Away.UntilLocalAsync(limits.Replica, provider, limits.Time);
                permits.TryTake(limit.Burst, critical: true); // what had gathered
            }
        }
    }

    public List<DeliveryJob> Add(
        string tenant,
        int count,
        Func<int, string>? person = null,
        int weight = 1,
        DateTimeOffset? expiresAt = null
    )
    {
        var jobs = Enumerable
            .Range(Added.Count, count)
            .Select(i => Jobs.Job(tenant, person?.Invoke(i) ?? $"p{i}", expiresAt, weight: weight))
            .ToList();
        jobs.ForEach(job => job.Record.Hold());
        Added.AddRange(jobs);
        _queue.Add(jobs);
        return jobs;
    }

    /// <summary>Until so many more are sent.</summary>
    public async Task SendAsync(int count, Action<List<DeliveryJob>>? after = null)
    {
        var enough = Sent.Count + count;
        for (var look = 0; Sent.Count < enough; look++)
        {
            Assert.True(look < 50_000, $"{Sent.Count} of {enough} were sent.");
            var before = Sent.Count;
            if (!await LookAsync())
                limits.Time.Advance(TimeSpan.FromMilliseconds(50));
            after?.Invoke(Sent[before..]);
        }
    }

    /// <summary>One look of the lane, and the calls it allows. False where none could be made.</summary>
    public async Task<bool> LookAsync(int room = Room)
    {
        if (LaneTurns.Next(_queue, _gate, room) is not { } admission)
            return false;
        foreach (var (job, entry) in admission.Ready)
        {
            if (entry is { } right && job.Record.TryBegin())
            {
                Sent.Add(job);
                await right.Account.CallAsync(
                    right,
                    SmsMessage.Of(job.Delivery),
                    TimeSpan.FromMinutes(2),
                    TestContext.Current.CancellationToken
                );
            }
            else
            {
                entry?.Account.Leave(entry.Value);
            }
            _queue.Done(job);
        }
        admission.Parked.ForEach(parked => _queue.Done(parked.Job));
        return admission.Ready.Count > 0;
    }

    public Dictionary<string, int> Shares(int of) => Sent.Take(of).CountBy(job => job.Key.Tenant).ToDictionary();

    public void AssertOrder()
    {
        foreach (var tenant in Sent.GroupBy(job => job.Key.Tenant))
            Assert.Equal(Added.Where(job => job.Key.Tenant == tenant.Key).Take(tenant.Count()), tenant);
    }
}
