using Microsoft.AspNetCore.Mvc;

namespace Notify.Api.DeadLetters;

/// <summary>The query of <c>GET /v1/dead-letters</c>, as text, so that what is wrong with it can be said in our words.</summary>
internal sealed class DeadLetterQuery
{
    [FromQuery(Name = "kind")]
    public string? Kind { get; init; }

    [FromQuery(Name = "fingerprint")]
    public string? Fingerprint { get; init; }

    [FromQuery(Name = "provider")]
    public string? Provider { get; init; }

    [FromQuery(Name = "code")]
    public string? Code { get; init; }

    [FromQuery(Name = "channel")]
    public string? Channel { get; init; }

    [FromQuery(Name = "cause")]
    public string? Cause { get; init; }

    [FromQuery(Name = "from")]
    public string? From { get; init; }

    [FromQuery(Name = "to")]
    public string? To { get; init; }

    [FromQuery(Name = "state")]
    public string? State { get; init; }

    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    [FromQuery(Name = "after")]
    public string? After { get; init; }

    [FromQuery(Name = "unassigned")]
    public string? Unassigned { get; init; }
}
