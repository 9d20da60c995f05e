using Microsoft.AspNetCore.Mvc;
using Notify.Api.Paging;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;

namespace Notify.Api.Notifications;

/// <summary>The query of <c>GET /v1/notifications</c>, as text, so that what is wrong with it can be said in our words.</summary>
internal sealed class NotificationQuery
{
    [FromQuery(Name = "recipient")]
    public string? Recipient { get; init; }

    [FromQuery(Name = "state")]
    public string? State { get; init; }

    [FromQuery(Name = "channel")]
    public string? Channel { get; init; }

    [FromQuery(Name = "from")]
    public string? From { get; init; }

    [FromQuery(Name = "to")]
    public string? To { get; init; }

    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>Filters that no index answers: over all of a tenant's deliveries they would read every row.</summary>
    public List<FieldError> Unindexed() =>
    [
        .. new[] { ("state", State), ("channel", Channel) }.Where(filter => Recipient is null && filter.Item2 is not null)
            .Select(filter => new FieldError(filter.Item1, "no_index", "Only together with recipient: there is no index of it over all notifications.")),
    ];

    public NotificationFilter Read(List<FieldError> errors)
    {
        var filter = new NotificationFilter(
            Recipient, State, Channel, PageCursor.Time("from", From, errors), PageCursor.Time("to", To, errors), PageCursor.Limit(Limit, errors), PageCursor.Parse(Cursor, errors, "cursor"));
        if (Recipient is not null && !Addresses.IsRecipientId(Recipient))
            errors.Add(new("recipient", "invalid", $"An id has 1 to {NotificationLimits.RecipientIdLength} characters and no control characters."));
        var states = Enum.GetValues<DeliveryState>().Select(state => state.ToName()).ToList();
        if (State is not null && !states.Contains(State))
            errors.Add(new("state", "unknown", $"One of {string.Join(", ", states)}."));
        var channels = ChannelNames.All.Select(channel => channel.ToName()).ToList();
        if (Channel is not null && !channels.Contains(Channel))
            errors.Add(new("channel", "unknown", $"One of {string.Join(", ", channels)}."));
        if (filter.From >= filter.To)
            errors.Add(new("to", "invalid", "It must be later than from."));
        return filter;
    }
}

/// <summary>Which notifications of a tenant, the newest first; what is null is not asked for.</summary>
/// <param name="Recipient">To this registered recipient.</param>
/// <param name="State">With a delivery to the recipient in this state.</param>
/// <param name="Channel">With a delivery to the recipient on this channel.</param>
/// <param name="From">Accepted at this moment or later.</param>
/// <param name="To">Accepted before this moment.</param>
/// <param name="Limit">Entries at most.</param>
/// <param name="After">Where the page before ended.</param>
internal sealed record NotificationFilter(string? Recipient, string? State, string? Channel, DateTimeOffset? From, DateTimeOffset? To, int Limit, PageCursor? After);
