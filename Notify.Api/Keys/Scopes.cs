namespace Notify.Api.Keys;

/// <summary>What a key may do.</summary>
internal static class Scopes
{
    /// <summary>Accept notifications.</summary>
    public const string Send = "send";

    /// <summary>Look at notifications, deliveries and recipients.</summary>
    public const string Read = "read";

    /// <summary>Change recipients and devices, look at dead letters and replay them.</summary>
    public const string Manage = "manage";

    /// <summary>For those who run the installation: how the providers are; with <see cref="Manage"/>, dead letters that belong to no
    /// tenant, whoever's data they hold.</summary>
    public const string Operate = "operate";

    public static IReadOnlyList<string> All { get; } = [Send, Read, Manage, Operate];
}
