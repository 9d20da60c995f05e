using Notify.Api.Paging;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;

namespace Notify.Api.Notifications;

/// <summary>Which notifications of a tenant, the newest first; what is null is not asked for.</summary>
/// <param name="Recipient">To this registered recipient.</param>
/// <param name="State">With a delivery to the recipient in this state.</param>
/// <param name="Channel">With a delivery to the recipient on this channel.</param>
/// <param name="From">Accepted at this moment or later.</param>
/// <param name="To">Accepted before this moment.</param>
/// <param name="Limit">Entries at most.</param>
/// <param name="After">Where the page before ended.</param>
internal sealed record NotificationFilter(
    string? Recipient,
    string? State,
    string? Channel,
    DateTimeOffset? From,
    DateTimeOffset? To,
    int Limit,
    PageCursor? After
)
{
    /// <summary>Whether a delivery to the recipient is asked for.</summary>
    public bool Wants(ListedDelivery delivery) =>
        (State ?? delivery.State) == delivery.State && (Channel ?? delivery.Channel) == delivery.Channel;

    public static NotificationFilter Read(
        string? recipient,
        string? state,
        string? channel,
        string? from,
        string? to,
        string? limit,
        string? cursor,
        List<FieldError> errors
    )
    {
        var filter = new NotificationFilter(
            recipient,
            state,
            channel,
            PageCursor.Time("from", from, errors),
            PageCursor.Time("to", to, errors),
            PageCursor.Limit(limit, errors),
            PageCursor.Parse(cursor, errors, "cursor")
        );
        if (recipient is not null && !Addresses.IsRecipientId(recipient))
            errors.Add(
                new("recipient", "invalid", $"An id has 1 to {NotificationLimits.RecipientIdLength} characters and no control characters.")
            );
        var states = Enum.GetValues<DeliveryState>().Select(known => known.ToName()).ToList();
        if (state is not null && !states.Contains(state))
            errors.Add(new("state", "unknown", $"One of {string.Join(", ", states)}."));
        var channels = ChannelNames.All.Select(known => known.ToName()).ToList();
        if (channel is not null && !channels.Contains(channel))
            errors.Add(new("channel", "unknown", $"One of {string.Join(", ", channels)}."));
        if (filter.From >= filter.To)
            errors.Add(new("to", "invalid", "It must be later than from."));
        return filter;
    }
}
