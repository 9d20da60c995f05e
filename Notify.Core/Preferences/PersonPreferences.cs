using System.Text.Json;
using NodaTime;
using Notify.Core.Channels;
using Notify.Core.Time;

namespace Notify.Core.Preferences;

/// <summary>What a person said about a category: as a whole, and on channels.</summary>
public readonly record struct CategoryChoice(bool? Enabled, ChannelChoices Channels);

/// <summary>A person's quiet time.</summary>
/// <param name="Zone">The zone that the person gave with it; null where the device's, the recipient's or the tenant's holds.</param>
/// <param name="Windows">As they were given: 1 to 21.</param>
/// <param name="AreAllowed">Whether the windows are those in which messages may come, rather than the quiet ones.</param>
/// <param name="Schedule">The same, merged and ready to be asked.</param>
public sealed record PersonQuietHours(DateTimeZone? Zone, IReadOnlyList<WeeklyWindow> Windows, bool AreAllowed, QuietSchedule Schedule);

/// <summary>
/// A person's preferences, held to their rules and ready to be asked: no question allocates or depends on the order in which anything was
/// written. <see cref="PreferenceReader"/> makes one of a <see cref="PreferenceDocument"/>.
/// </summary>
public sealed class PersonPreferences
{
    /// <summary>Of somebody who has said nothing.</summary>
    public static PersonPreferences None { get; } = new();

    /// <summary>false: no marketing at all.</summary>
    public bool? Marketing { get; init; }

    public ChannelChoices Channels { get; init; }

    /// <summary>By category id.</summary>
    public IReadOnlyDictionary<string, CategoryChoice> Categories { get; init; } = new Dictionary<string, CategoryChoice>();

    public PersonQuietHours? QuietHours { get; init; }

    /// <summary>Nothing is sent before this moment.</summary>
    public Instant? MutedUntil { get; init; }

    /// <summary>The document with everything in one form: members and names in one order, zones by their current names, times in UTC, days
    /// from Monday on, each window once. What means the same has the same bytes, but for windows that merge only in effect.</summary>
    public PreferenceDocument ToDocument() =>
        new()
        {
            Marketing = Marketing,
            Channels = Channels.ToNames(),
            Categories = Categories.Count == 0 ? null : CategoriesInOrder(),
            QuietHours = QuietHours is null ? null : DocumentOf(QuietHours),
            MutedUntil = MutedUntil is { } muted ? NodaTime.Text.InstantPattern.ExtendedIso.Format(muted) : null,
        };

    /// <summary>The canonical document as UTF-8, to be kept and to make an ETag of.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(ToDocument(), PreferenceJson.Kept.PreferenceDocument);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is none of ours.</exception>
    public static PersonPreferences FromJson(ReadOnlySpan<byte> json)
    {
        try
        {
            return KeptPreferences.Read(json);
        }
        catch (JsonException)
        {
            throw new InvalidDataException("Kept preferences are not JSON of their form.");
        }
    }

    private OrderedDictionary<string, CategoryPreference?> CategoriesInOrder()
    {
        var categories = new OrderedDictionary<string, CategoryPreference?>(Categories.Count);
        foreach (var (id, choice) in Categories.OrderBy(category => category.Key, StringComparer.Ordinal))
            categories.Add(id, new() { Enabled = choice.Enabled, Channels = choice.Channels.ToNames() });
        return categories;
    }

    private static QuietHoursPreference DocumentOf(PersonQuietHours quiet)
    {
        IReadOnlyList<WindowPreference?> windows = [.. quiet.Windows.Select(DocumentOf)];
        return new()
        {
            Zone = quiet.Zone?.Id,
            Windows = quiet.AreAllowed ? null : windows,
            DeliverBetween = quiet.AreAllowed ? windows : null,
        };
    }

    private static WindowPreference DocumentOf(WeeklyWindow window) =>
        new()
        {
            Days = window.Days == WeekDays.All ? null : WeekDayNames.NamesOf(window.Days),
            From = ClockTime.Format(window.From),
            To = ClockTime.Format(window.To),
        };
}
