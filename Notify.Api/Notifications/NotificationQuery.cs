using Microsoft.AspNetCore.Mvc;
using Notify.Core.Notifications;

namespace Notify.Api.Notifications;

// Handlers get queries as text, so that what is wrong with them can be said in our words. (The generated delegates read no inherited
// properties.)

/// <summary>The query of <c>GET /v1/notifications</c>.</summary>
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
            .. new[] { ("state", State), ("channel", Channel) }
                .Where(filter => Recipient is null && filter.Item2 is not null)
                .Select(filter => new FieldError(
                    filter.Item1,
                    "no_index",
                    "Only together with recipient: there is no index of it over all notifications."
                )),
        ];

    public NotificationFilter Read(List<FieldError> errors) =>
        NotificationFilter.Read(Recipient, State, Channel, From, To, Limit, Cursor, errors);
}

/// <summary>The query of <c>GET /v1/recipients/{id}/notifications</c>.</summary>
internal sealed class RecipientNotificationQuery
{
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

    public NotificationFilter Read(string recipient, List<FieldError> errors) =>
        NotificationFilter.Read(recipient, State, Channel, From, To, Limit, Cursor, errors);
}
