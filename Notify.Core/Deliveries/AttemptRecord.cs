using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Data;

namespace Notify.Core.Deliveries;

/// <summary>One call to a provider, as it is kept with its delivery.</summary>
/// <param name="At">When the call began.</param>
/// <param name="Provider">Which provider was asked.</param>
/// <param name="Outcome">What it came to.</param>
/// <param name="Milliseconds">How long the call took.</param>
/// <param name="Code">The provider's code, when it refused.</param>
/// <param name="Detail">Our words for it.</param>
public sealed record AttemptRecord(
    DateTimeOffset At,
    string Provider,
    string Outcome,
    int Milliseconds,
    string? Code = null,
    string? Detail = null
)
{
    /// <summary>The outcome of an attempt that found the provider's breaker open: nothing was called, and it counts for nothing.</summary>
    public const string NotCalled = "not_called";

    /// <summary>Every call for a delivery, in their order: those that its row lists, and the one that sent it.</summary>
    public static IReadOnlyList<AttemptRecord> AllOf(Delivery delivery)
    {
        var others = JsonSerializer.Deserialize(delivery.Attempts, DeliveryJson.Default.AttemptRecordArray) ?? [];
        return delivery is { SentAt: { } at, CallMs: { } milliseconds, Provider: { } provider }
            ? [.. others, new(at, provider, OutcomeKind.Sent.ToName(), milliseconds)]
            : others;
    }
}
