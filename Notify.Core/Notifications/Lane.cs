namespace Notify.Core.Notifications;

/// <summary>A separate road from accept to provider: own topics, own consumers, own permits, so bulk never delays critical.</summary>
public enum Lane
{
    Critical,
    Standard,
    Bulk,
}
