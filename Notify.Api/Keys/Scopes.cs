namespace Notify.Api.Keys;

/// <summary>What a key may do.</summary>
internal static class Scopes
{
    /// <summary>Accept notifications.</summary>
    public const string Send = "send";

    /// <summary>Look at notifications, deliveries and recipients.</summary>
    public const string Read = "read";

    /// <summary>Change recipients and devices.</summary>
    public const string Manage = "manage";

    public static IReadOnlyList<string> All { get; } = [Send, Read, Manage];
}
