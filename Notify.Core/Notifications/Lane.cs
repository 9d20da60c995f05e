namespace Notify.Core.Notifications;

/// <summary>A separate road from accept to provider: own topics, own consumers, own permits, so bulk never delays critical.</summary>
public enum Lane
{
    Critical,
    Standard,
    Bulk,
}

/// <summary>The wire names of lanes: in topics, columns, metrics and logs.</summary>
public static class LaneNames
{
    public static IReadOnlyList<Lane> All { get; } = [Lane.Critical, Lane.Standard, Lane.Bulk];

    public static string ToName(this Lane lane) =>
        lane switch
        {
            Lane.Critical => "critical",
            Lane.Standard => "standard",
            Lane.Bulk => "bulk",
            _ => throw new ArgumentOutOfRangeException(nameof(lane), lane, null),
        };

    public static Lane Parse(string name) =>
        name switch
        {
            "critical" => Lane.Critical,
            "standard" => Lane.Standard,
            "bulk" => Lane.Bulk,
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not a lane."),
        };

    /// <summary>The lane of a notification: critical priority → critical; low priority or type marketing → bulk; the rest →
    /// standard.</summary>
    public static Lane Of(string priority, string type) =>
        priority == Priorities.Critical ? Lane.Critical
        : priority == Priorities.Low || type == NotificationTypes.Marketing ? Lane.Bulk
        : Lane.Standard;
}
