using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Preferences;

namespace Notify.Api.Preferences;

/// <summary>A category, every term with its value.</summary>
internal sealed record CategoryView(
    string Id,
    IReadOnlyDictionary<string, string> Title,
    string Type,
    string Mode,
    IReadOnlyList<string>? Channels,
    string QuietHours,
    string Guarantee,
    long? Ttl,
    bool Enabled
)
{
    public static CategoryView Of(Category category) =>
        new(
            category.Id,
            category.Title,
            category.Type,
            category.Mode.ToName(),
            category.Channels is null ? null : [.. category.Channels.Select(ChannelNames.ToName)],
            category.QuietHours.ToName(),
            category.Guarantee.ToName(),
            (long?)category.TimeToLive?.TotalSeconds,
            category.IsEnabled
        );
}

/// <summary>All of a tenant's categories.</summary>
internal sealed record CategoriesView(IReadOnlyList<CategoryView> Items);

/// <summary>The body of <c>PUT /v1/settings</c>, and its answer: what holds for all people of the tenant who have said nothing.</summary>
internal sealed class SettingsDocument
{
    /// <summary>The IANA time zone of recipients whose own is not known.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Yes or no to channels, by name, for people who have said nothing more specific.</summary>
    public IReadOnlyDictionary<string, bool>? Channels { get; init; }

    /// <summary>true: a notification may name only categories that exist.</summary>
    public bool? StrictCategories { get; init; }
}

/// <summary>Changes of what somebody wants, the newest first; <c>after</c> takes <see cref="Next"/>.</summary>
internal sealed record ConsentLogPage(IReadOnlyList<ConsentEntryView> Items, Guid? Next);

/// <summary>A change of what somebody wants: when, by which door and key, from what, to what.</summary>
internal sealed record ConsentEntryView(Guid Id, DateTimeOffset At, string Via, string Actor, JsonElement? Before, JsonElement? After);
