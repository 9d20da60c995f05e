namespace Notify.Tests.Distributed;

/// <summary>A notification as the API shows it.</summary>
internal sealed record NotificationView(Guid Id, string Lane, Guid? DuplicateOf, IReadOnlyList<DeliveryView> Deliveries);

/// <summary>One of its deliveries.</summary>
internal sealed record DeliveryView(
    Guid Id,
    string Channel,
    string? RecipientId,
    string? Address,
    string State,
    string? Reason,
    DateTimeOffset? DueAt,
    string? Provider,
    string? ProviderMessageId,
    string? Code,
    int? Segments,
    IReadOnlyList<AttemptView> Attempts
);

/// <summary>One call to a provider.</summary>
internal sealed record AttemptView(DateTimeOffset At, string Provider, string Outcome, int Milliseconds, string? Code);
