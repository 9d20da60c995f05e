using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Core.Messaging;

/// <summary>The topics of the platform.</summary>
public static class Topics
{
    public const string Receipts = "receipts";

    public static IReadOnlyList<string> All { get; } =
    [
        .. LaneNames.All.Select(Notifications),
        .. ChannelNames.All.SelectMany(channel => LaneNames.All.Select(lane => Deliveries(channel, lane))),
        Receipts,
    ];

    public static string Notifications(Lane lane) =>
        lane switch
        {
            Lane.Critical => "notifications.critical",
            Lane.Standard => "notifications.standard",
            Lane.Bulk => "notifications.bulk",
            _ => throw new ArgumentOutOfRangeException(nameof(lane), lane, null),
        };

    public static string Deliveries(Channel channel, Lane lane) => $"deliveries.{channel.ToName()}.{lane.ToName()}";
}
