namespace Notify.Core.DeadLetters;

/// <summary>What a dead letter is.</summary>
public static class DeadLetterKinds
{
    /// <summary>A record that cannot be used.</summary>
    public const string Record = "record";

    /// <summary>A delivery that gave up, or was refused for what may be mended outside the message.</summary>
    public const string Delivery = "delivery";

    public static IReadOnlyList<string> All { get; } = [Record, Delivery];
}
