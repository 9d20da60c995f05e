using System.Text.Json.Serialization;

namespace Notify.Core.Preferences;

/// <summary>
/// What a person wants, as it is sent and kept: the body of <c>PUT /v1/recipients/{id}/preferences</c>. What is left out was not said.
/// <see cref="PersonPreferences"/> holds it to its rules and answers questions.
/// </summary>
public sealed class PreferenceDocument
{
    /// <summary>false: no marketing at all, whatever else is said here.</summary>
    public bool? Marketing { get; init; }

    /// <summary>Yes or no to a channel, by its name.</summary>
    public IReadOnlyDictionary<string, bool>? Channels { get; init; }

    /// <summary>Yes or no to a category, by its id, and to its channels.</summary>
    public IReadOnlyDictionary<string, CategoryPreference?>? Categories { get; init; }

    /// <summary>When not to disturb.</summary>
    public QuietHoursPreference? QuietHours { get; init; }

    /// <summary>Nothing before this moment: RFC 3339 with its offset.</summary>
    public string? MutedUntil { get; init; }
}

/// <summary>
/// What a person said about a category. <c>false</c> and <c>true</c> are short for <c>{"enabled":false}</c> and
/// <c>{"enabled":true}</c>.
/// </summary>
[JsonConverter(typeof(CategoryPreferenceConverter))]
public sealed class CategoryPreference
{
    /// <summary>Yes or no to the category on every channel that is not named in <see cref="Channels"/>.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Yes or no to the category on a channel, by the channel's name.</summary>
    public IReadOnlyDictionary<string, bool>? Channels { get; init; }
}

/// <summary>Quiet time as it is sent: either quiet windows or, in <see cref="DeliverBetween"/>, what they leave free.</summary>
public sealed class QuietHoursPreference
{
    /// <summary>An IANA time zone; where it is left out, the device's, the recipient's or the tenant's.</summary>
    public string? Zone { get; init; }

    /// <summary>1 to 21 quiet windows.</summary>
    public IReadOnlyList<WindowPreference?>? Windows { get; init; }

    /// <summary>1 to 21 windows in which messages may come; a single one may stand without brackets.</summary>
    [JsonConverter(typeof(WindowsConverter))]
    public IReadOnlyList<WindowPreference?>? DeliverBetween { get; init; }
}

/// <summary>A window as it is sent.</summary>
public sealed class WindowPreference
{
    /// <summary><c>mon</c> to <c>sun</c>: the days on which the window begins; every day where they are left out.</summary>
    public IReadOnlyList<string?>? Days { get; init; }

    /// <summary><c>HH:mm</c>, <c>00:00</c> to <c>23:59</c>.</summary>
    public string? From { get; init; }

    /// <summary><c>HH:mm</c>, <c>00:00</c> to <c>24:00</c>; at or before <see cref="From"/> it is on the next day.</summary>
    public string? To { get; init; }
}
