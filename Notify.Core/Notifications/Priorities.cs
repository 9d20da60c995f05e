namespace Notify.Core.Notifications;

/// <summary>How urgent a notification is. Decides its lane and whether a push wakes the device.</summary>
public static class Priorities
{
    public const string Critical = "critical";
    public const string High = "high";
    public const string Normal = "normal";
    public const string Low = "low";

    public static IReadOnlyList<string> All { get; } = [Critical, High, Normal, Low];
}
