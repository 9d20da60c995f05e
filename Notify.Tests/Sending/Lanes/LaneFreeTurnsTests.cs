using Microsoft.Extensions.Options;
using Notify.Sending.Limits;

namespace Notify.Tests.Sending.Lanes;

/// <summary>What needs no call is not its tenant's turn.</summary>
public sealed class LaneFreeTurnsTests(LocalLimits limits) : IClassFixture<LocalLimits>
{
    private readonly LookingLane _lane = new(limits);

    [Theory]
    [MemberData(nameof(LaneTurnsTests.Rates), MemberType = typeof(LaneTurnsTests))]
    public async Task Messages_that_went_to_another_worker_cost_no_turn(int? perSecond)
    {
        await _lane.StartAsync(perSecond);
        var gone = _lane.Add("a", 400);
        _lane.Add("a", 100, person: i => $"q{i}");
        _lane.Add("b", 400);
        foreach (var job in gone)
        {
            job.Record.Hold();
            job.Record.Withdraw();
            _lane.Added.Remove(job);
        }

        await _lane.SendAsync(100);

        Assert.All(_lane.Shares(100), share => Assert.InRange(share.Value, 49, 51));
        _lane.AssertOrder();
    }

    [Fact]
    public async Task Messages_that_wait_for_their_address_cost_no_turn_and_hold_nobody_up()
    {
        await _lane.StartAsync(1, new AddressLimiter(Options.Create(new DeviceLimitOptions { PerMinute = 1, PerHour = 1 }), limits.Time));
        _lane.Add("a", 1, person: _ => "busy");
        await _lane.SendAsync(1);
        _lane.Add("a", 100, person: i => i % 2 == 0 ? "busy" : $"p{i}"); // one of two waits as a row
        _lane.Add("b", 100);

        await _lane.SendAsync(41);

        Assert.All(_lane.Sent.Skip(1).Take(40).CountBy(job => job.Key.Tenant), share => Assert.Equal(20, share.Value));
    }

    [Fact]
    public async Task Full_lane_is_not_blocked_by_a_tenant_whose_messages_all_have_expired()
    {
        await _lane.StartAsync(null);
        _lane.Add("a", 500, expiresAt: limits.Time.GetUtcNow());
        _lane.Add("b", 3);

        await _lane.LookAsync(room: 1);

        Assert.Equal("b", Assert.Single(_lane.Sent).Key.Tenant);
    }
}
