using System.Linq.Expressions;
using System.Text.Json;
using Notify.Core.Data;
using Notify.Core.Deliveries;

namespace Notify.Api.DeadLetters;

/// <summary>One page of dead letters, the newest first.</summary>
/// <param name="Items">The letters.</param>
/// <param name="Next">What <c>after</c> takes for the next page; absent on the last.</param>
internal sealed record DeadLetterPage(IReadOnlyList<DeadLetterView> Items, string? Next);

/// <summary>A dead letter, without addresses and contents.</summary>
internal sealed record DeadLetterView(
    Guid Id,
    string Kind,
    string State,
    string Fingerprint,
    DateTimeOffset CreatedAt,
    string? Channel,
    string? Lane,
    string? Provider,
    string? Code,
    string? Template,
    string Cause,
    string? Detail,
    Guid? NotificationId,
    Guid? DeliveryId,
    int AttemptCount,
    bool Ambiguous,
    Guid? LastReplayId,
    DateTimeOffset? ReplayedAt
)
{
    /// <summary>For the database to evaluate, so that contents are not read for a list.</summary>
    public static Expression<Func<DeadLetter, DeadLetterView>> FromLetter { get; } =
        l => new DeadLetterView(
            l.DeadLetterId,
            l.Kind,
            l.State,
            l.Fingerprint,
            l.CreatedAt,
            l.Channel,
            l.Lane,
            l.Provider,
            l.Code,
            l.Template,
            l.Cause,
            l.Detail,
            l.NotificationId,
            l.DeliveryId,
            l.AttemptCount,
            l.Ambiguous,
            l.LastReplayId,
            l.ReplayedAt
        );

    /// <summary>Of a record: where it stood and what it carried. Only when one letter is asked for.</summary>
    public RecordView? Record { get; init; }

    /// <summary>Of a delivery: how it stands now, with every call that was made. Only when one letter is asked for.</summary>
    public DeadDeliveryView? Delivery { get; init; }
}

/// <summary>A record that could not be used.</summary>
/// <param name="Topic">Where it stood.</param>
/// <param name="Partition">Where it stood.</param>
/// <param name="Offset">Where it stood.</param>
/// <param name="Headers">Those of Notify with their text; of others the names.</param>
/// <param name="KeyBytes">How long the key is.</param>
/// <param name="ValueBytes">How long the value is.</param>
/// <param name="Key">Base64; only with <c>include=value</c>.</param>
/// <param name="Value">Base64; only with <c>include=value</c>.</param>
internal sealed record RecordView(
    string Topic,
    int Partition,
    long Offset,
    IReadOnlyList<HeaderView> Headers,
    int KeyBytes,
    int ValueBytes,
    string? Key,
    string? Value
);

/// <summary>A header of a record.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">Its text, for the headers that Notify sets itself.</param>
/// <param name="Value">Base64; only with <c>include=value</c>.</param>
internal sealed record HeaderView(string Name, string? Text, string? Value);

/// <summary>The delivery of a dead letter.</summary>
internal sealed record DeadDeliveryView(
    string State,
    string? Reason,
    DateTimeOffset ExpiresAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<AttemptRecord> Attempts
)
{
    public static DeadDeliveryView Of(Delivery delivery) =>
        new(delivery.State, delivery.Reason, delivery.ExpiresAt, delivery.UpdatedAt, AttemptRecord.AllOf(delivery));
}

/// <summary>Open letters by fingerprint, the largest group first.</summary>
/// <param name="Groups">The groups.</param>
/// <param name="Counted">How many letters were looked at: the newest open ones.</param>
/// <param name="Bound">How many are looked at at most.</param>
/// <param name="Complete">Whether these are all open letters; if not, there are older ones that no count contains.</param>
internal sealed record DeadLetterGroupsView(IReadOnlyList<DeadLetterGroupView> Groups, int Counted, int Bound, bool Complete);

/// <summary>Letters that died in the same place of the same cause.</summary>
internal sealed record DeadLetterGroupView(
    string Fingerprint,
    string Kind,
    string? Channel,
    string? Topic,
    string? Provider,
    string? Code,
    string Cause,
    string? Template,
    int Count,
    int Ambiguous,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt,
    Guid Sample
);
