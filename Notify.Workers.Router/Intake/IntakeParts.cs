namespace Notify.Workers.Router.Intake;

/// <summary>
/// Splits a batch into what one transaction writes. That is bounded by people and not by notifications: 500 of these may be 250,000 of
/// those, each on several channels.
/// </summary>
internal static class IntakeParts
{
    private const int MaxRecipients = 2_000;

    /// <summary>In their order; a notification is never split.</summary>
    public static IEnumerable<List<IncomingNotification>> Of(IEnumerable<IncomingNotification> readable)
    {
        var (part, recipients) = (new List<IncomingNotification>(), 0);
        foreach (var notification in readable)
        {
            var more = notification.Request.Recipients!.Count;
            if (part.Count > 0 && recipients + more > MaxRecipients)
            {
                yield return part;
                (part, recipients) = ([], 0);
            }
            part.Add(notification);
            recipients += more;
        }
        if (part.Count > 0)
            yield return part;
    }
}
