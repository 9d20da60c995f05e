using System.Text.Json.Serialization;

namespace Notify.Core.Recipients;

/// <summary>Where a recipient can be reached: what the Router needs of a recipient, in one piece, so that it can be cached.</summary>
public sealed class Profile
{
    public required string RecipientId { get; init; }

    public string? Email { get; init; }

    public string? Phone { get; init; }

    /// <summary>The recipient's IANA zone; null where it is not known.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The version of <see cref="Preferences"/>: zero where nothing was ever said.</summary>
    public long ConsentVersion { get; init; }

    /// <summary>What the person wants, as it is kept; null where they have said nothing.</summary>
    public string? Preferences { get; init; }

    /// <summary>Devices whose tokens are alive.</summary>
    public IReadOnlyList<ProfileDevice> Devices { get; init; } = [];
}

/// <summary>A device that can be pushed to.</summary>
public sealed record ProfileDevice(
    string DeviceId,
    string Platform,
    string? App,
    string Environment,
    string Token,
    DateTimeOffset RegisteredAt,
    string? TimeZone = null
);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Profile))]
internal sealed partial class ProfileJson : JsonSerializerContext;
