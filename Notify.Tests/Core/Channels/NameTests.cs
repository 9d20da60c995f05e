using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Notifications;

namespace Notify.Tests.Core.Channels;

/// <summary>Every enum that leaves the process, over all its values.</summary>
public sealed class NameTests
{
    [Fact]
    public void Every_channel_has_a_name_and_is_found_by_it()
    {
        Assert.Equal(Enum.GetValues<Channel>(), ChannelNames.All);
        Assert.Equal(["push", "email", "sms"], ChannelNames.All.Select(channel => channel.ToName()));
        Assert.All(ChannelNames.All, channel => Assert.Equal(channel, ChannelNames.Parse(channel.ToName())));
        Assert.All(["Push", "fax", "", null], name => Assert.False(ChannelNames.TryParse(name, out _)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChannelNames.Parse("fax"));
        Assert.Throws<ArgumentOutOfRangeException>(() => ((Channel)99).ToName());
    }

    [Fact]
    public void Every_lane_has_a_name_and_is_found_by_it()
    {
        Assert.Equal(Enum.GetValues<Lane>(), LaneNames.All);
        Assert.Equal(["critical", "standard", "bulk"], LaneNames.All.Select(lane => lane.ToName()));
        Assert.All(LaneNames.All, lane => Assert.Equal(lane, LaneNames.Parse(lane.ToName())));
        Assert.Throws<ArgumentOutOfRangeException>(() => LaneNames.Parse("Critical"));
        Assert.Throws<ArgumentOutOfRangeException>(() => ((Lane)99).ToName());
    }

    [Fact]
    public void Every_state_has_the_name_of_the_design() =>
        Assert.Equal(
            [
                "queued",
                "sending",
                "waiting",
                "sent",
                "delivered",
                "failed",
                "bounced",
                "expired",
                "suppressed",
                "skipped",
                "cancelled",
                "unknown",
                "dead",
            ],
            Enum.GetValues<DeliveryState>().Select(state => state.ToName())
        );

    [Fact]
    public void States_are_settled_except_the_three_that_go_on()
    {
        var open = Enum.GetValues<DeliveryState>().Where(state => !DeliveryStates.IsSettled(state.ToName()));
        Assert.Equal([DeliveryState.Queued, DeliveryState.Sending, DeliveryState.Waiting], open);
        Assert.Throws<ArgumentOutOfRangeException>(() => ((DeliveryState)99).ToName());
    }

    [Fact]
    public void Every_outcome_has_a_name() =>
        Assert.Equal(
            ["sent", "permanent", "dead_address", "opted_out", "throttled", "transient", "misconfigured", "ambiguous"],
            Enum.GetValues<OutcomeKind>().Select(kind => kind.ToName())
        );

    [Fact]
    public void Topics_are_those_of_the_design()
    {
        Assert.Equal(13, Topics.All.Distinct().Count());
        Assert.Equal("notifications.critical", Topics.Notifications(Lane.Critical));
        Assert.Equal("deliveries.sms.bulk", Topics.Deliveries(Channel.Sms, Lane.Bulk));
        Assert.Contains("receipts", Topics.All);
        Assert.All(LaneNames.All, lane => Assert.EndsWith(lane.ToName(), Topics.Notifications(lane), StringComparison.Ordinal));
    }
}
