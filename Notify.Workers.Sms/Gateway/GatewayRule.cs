using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;

namespace Notify.Workers.Sms.Gateway;

/// <summary>What some of the gateway's answers mean. What a rule leaves out matches anything; it needs one of the first two.</summary>
public sealed class GatewayRule
{
    /// <summary>Status codes and ranges with commas between them, such as <c>400</c> or <c>500-599</c>; null for all, accepted ones
    /// included.</summary>
    public string? Status { get; set; }

    /// <summary>A text found at <see cref="GatewayOptions.ErrorPath"/>, in upper or lower case; null for any.</summary>
    public string? Contains { get; set; }

    /// <summary>One of <c>sent</c>, <c>permanent</c>, <c>dead_address</c>, <c>opted_out</c>, <c>throttled</c>, <c>transient</c>,
    /// <c>misconfigured</c>, <c>ambiguous</c>.</summary>
    public string Outcome { get; set; } = "";

    /// <summary>The class that <see cref="Outcome"/> names; null where it names none.</summary>
    internal OutcomeKind? Kind =>
        Enum.GetValues<OutcomeKind>().Cast<OutcomeKind?>().FirstOrDefault(kind => kind!.Value.ToName() == Outcome);

    internal string? FindFault() =>
        this switch
        {
            { Kind: null } =>
                $"has to have an Outcome, one of {string.Join(", ", Enum.GetValues<OutcomeKind>().Select(kind => kind.ToName()))}.",
            _ when string.IsNullOrEmpty(Status) && string.IsNullOrEmpty(Contains) =>
                "has to have a Status or a text in Contains: it would match every answer.",
            _ when !string.IsNullOrEmpty(Status) && !StatusRanges.TryParse(Status, out _) =>
                "has a Status that holds no status codes and ranges, such as 400 or 500-599.",
            _ => null,
        };
}
