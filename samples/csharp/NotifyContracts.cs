using System.Text.Json;
using System.Text.Json.Serialization;

namespace Notify.Sample;

/// <summary>What to send, and to whom. <c>/openapi/v1.json</c> describes the fields that are left out here.</summary>
public sealed record NotificationRequest
{
    /// <summary>1 to 500.</summary>
    public required IReadOnlyList<Recipient> Recipients { get; init; }

    public required Message Message { get; init; }

    /// <summary><c>push</c>, <c>email</c>, <c>sms</c>; null for every channel that the recipient has an address for.</summary>
    public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>Your own grouping, such as <c>orders</c>.</summary>
    public string? Category { get; init; }

    /// <summary><c>critical</c>, <c>high</c>, <c>normal</c> or <c>low</c>; null for normal.</summary>
    public string? Priority { get; init; }

    /// <summary>Seconds after which a message that is not sent yet expires; null for three days.</summary>
    public long? Ttl { get; init; }
}

/// <summary>A registered recipient by its id, or somebody's addresses.</summary>
public sealed record Recipient
{
    public string? Id { get; init; }

    public string? Email { get; init; }

    /// <summary>In international form, such as +15005550009.</summary>
    public string? Phone { get; init; }

    public PushAddress? Push { get; init; }
}

/// <param name="Platform"><c>fcm</c> or <c>apns</c>.</param>
/// <param name="Token">What the device got from its platform.</param>
public sealed record PushAddress(string Platform, string Token);

/// <summary>A title and a body for every channel, and what one channel says differently.</summary>
public sealed record Message(string Title, string Body)
{
    public EmailText? Email { get; init; }

    public SmsText? Sms { get; init; }
}

public sealed record EmailText(string? Subject = null, string? Text = null, string? Html = null);

public sealed record SmsText(string Body);

/// <param name="Id">Asks what became of it.</param>
/// <param name="Replayed">Whether an earlier request with the same Idempotency-Key was answered again, and nothing new was sent.</param>
public sealed record Receipt(Guid Id, bool Replayed);

/// <summary>A notification and what became of it.</summary>
public sealed record NotificationStatus(Guid Id, IReadOnlyList<Delivery> Deliveries)
{
    public bool IsSettled => Deliveries.All(delivery => delivery.IsSettled);
}

/// <summary>One channel and address of a notification.</summary>
public sealed record Delivery(
    Guid Id,
    string Channel,
    string State,
    string? Reason,
    string? Provider,
    string? Code,
    IReadOnlyList<DeliveryAttempt> Attempts
)
{
    /// <summary>Whether Notify has done what it will do: sent it, or given it up with a reason.</summary>
    public bool IsSettled => State is not ("queued" or "sending" or "waiting");

    public bool IsSent => State is "sent" or "delivered";
}

/// <summary>One call to a provider.</summary>
public sealed record DeliveryAttempt(DateTimeOffset At, string Provider, string Outcome);

internal sealed record AcceptedAnswer(Guid Id);

/// <summary>
/// An error in the form of RFC 9457. Switch on <see cref="Type"/> and on the errors' rules: they are stable; the texts are for people.
/// </summary>
public sealed record NotifyProblem(string? Type, string? Title, string? Detail, string? TraceId, IReadOnlyList<FieldError>? Errors);

/// <param name="Field">The path inside the body, such as <c>recipients[2].email</c>, or the name of a header.</param>
/// <param name="Rule">What it breaks, such as <c>invalid</c> or <c>too_long</c>.</param>
/// <param name="Message">For people.</param>
public sealed record FieldError(string Field, string Rule, string Message);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NotificationRequest))]
[JsonSerializable(typeof(AcceptedAnswer))]
[JsonSerializable(typeof(NotificationStatus))]
[JsonSerializable(typeof(NotifyProblem))]
internal sealed partial class NotifyJson : JsonSerializerContext;
