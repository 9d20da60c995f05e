using System.Text.Json;
using Notify.Core.Data;
using Notify.Core.DeadLetters;

namespace Notify.Api.DeadLetters;

/// <summary>The body of <c>POST /v1/dead-letters/replays</c>: which letters (one of ids, fingerprint and filter), and how fast.</summary>
internal sealed class ReplayRequest
{
    /// <summary>These letters, at most 1,000.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }

    /// <summary>A group.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The letters that this finds.</summary>
    public DeadLetterFilter? Filter { get; init; }

    /// <summary>1 to 10,000; 100 by default.</summary>
    public int? RatePerSecond { get; init; }

    /// <summary>Whether deliveries that a provider may have taken are sent again too; not by default.</summary>
    public bool? IncludeAmbiguous { get; init; }

    public ReplaySelection Selection() =>
        Ids is not null ? new() { Ids = Ids } : new() { Filter = Filter ?? new DeadLetterFilter { Fingerprint = Fingerprint } };
}

/// <summary>A replay and how far it is.</summary>
internal sealed record ReplayView(
    Guid Id,
    string State,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    JsonElement Selection,
    int RatePerSecond,
    bool IncludeAmbiguous,
    long Matched,
    long Replayed,
    long Skipped,
    DateTimeOffset? FinishedAt
)
{
    public static ReplayView Of(Replay replay) =>
        new(
            replay.ReplayId,
            replay.State,
            replay.CreatedAt,
            replay.CreatedBy,
            JsonElement.Parse(replay.Selection),
            replay.RatePerSecond,
            replay.IncludeAmbiguous,
            replay.Matched,
            replay.Replayed,
            replay.Skipped,
            replay.FinishedAt
        );
}

/// <summary>One page of replays, the newest first; <c>after</c> takes <see cref="Next"/>.</summary>
internal sealed record ReplayPage(IReadOnlyList<ReplayView> Items, Guid? Next);
