namespace Notify.Core.DeadLetters;

/// <summary>Where a dead letter stands. What dies again is a letter of its own.</summary>
public static class DeadLetterStates
{
    public const string Open = "open";
    public const string Replayed = "replayed";

    public static IReadOnlyList<string> All { get; } = [Open, Replayed];
}
