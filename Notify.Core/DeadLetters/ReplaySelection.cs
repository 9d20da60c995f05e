namespace Notify.Core.DeadLetters;

/// <summary>Which letters a replay takes: these, or those that a filter finds.</summary>
public sealed record ReplaySelection
{
    public IReadOnlyList<Guid>? Ids { get; init; }

    public DeadLetterFilter? Filter { get; init; }
}
