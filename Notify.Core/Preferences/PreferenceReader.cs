using NodaTime;
using NodaTime.Text;
using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Core.Preferences;

/// <summary>Holds a document to its rules and makes preferences of it. Pure; collects everything that is wrong, 20 things at most.</summary>
public static class PreferenceReader
{
    internal const int MaxErrors = 20;

    /// <summary>The preferences, or what is wrong with the document.</summary>
    /// <param name="document">What was sent or kept.</param>
    /// <param name="isKnownCategory">Whether the tenant has a category of this id; null where every id is taken, as of what was kept.</param>
    public static (PersonPreferences? Preferences, IReadOnlyList<FieldError> Errors) Read(
        PreferenceDocument document,
        Func<string, bool>? isKnownCategory = null
    )
    {
        var errors = new List<FieldError>();
        var preferences = new PersonPreferences
        {
            Marketing = document.Marketing,
            Channels = ReadChannels(document.Channels, "channels", errors),
            Categories = Categories(document.Categories, isKnownCategory, errors),
            QuietHours = QuietHoursReader.Read(document.QuietHours, "quietHours", errors),
            MutedUntil = Moment(document.MutedUntil, "mutedUntil", errors),
        };
        if (errors.Count == 0)
            return (preferences, []);
        return (null, errors.Count > MaxErrors ? errors[..MaxErrors] : errors);
    }

    public static ChannelChoices ReadChannels(IReadOnlyDictionary<string, bool>? channels, string field, List<FieldError> errors)
    {
        var choices = ChannelChoices.None;
        foreach (var (name, choice) in channels ?? new Dictionary<string, bool>())
        {
            if (ChannelNames.TryParse(name, out var channel))
                choices = choices.With(channel, choice);
            else if (errors.Count <= MaxErrors)
                errors.Add(new($"{field}.{name}", "unknown", $"One of: {string.Join(", ", ChannelNames.All.Select(c => c.ToName()))}."));
        }
        return choices;
    }

    private static Dictionary<string, CategoryChoice> Categories(
        IReadOnlyDictionary<string, CategoryPreference?>? categories,
        Func<string, bool>? isKnown,
        List<FieldError> errors
    )
    {
        var choices = new Dictionary<string, CategoryChoice>(categories?.Count ?? 0, StringComparer.Ordinal);
        foreach (var (id, said) in categories ?? new Dictionary<string, CategoryPreference?>())
        {
            if (errors.Count > MaxErrors)
                break;
            var field = $"categories.{id}";
            if (!CategoryIds.IsValid(id))
                errors.Add(new(field, "invalid", CategoryIds.Expected));
            else if (isKnown?.Invoke(id) == false)
                errors.Add(new(field, "unknown", "There is no such category; make it first, or look for a misspelling."));
            else if (said is null)
                errors.Add(new(field, "required", "Say true or false, or name channels; leave the category out to say nothing."));
            else if (
                new CategoryChoice(said.Enabled, ReadChannels(said.Channels, field + ".channels", errors)) is var choice
                && (choice.Enabled is not null || !choice.Channels.IsNone)
            )
                choices.Add(id, choice); // an object that says nothing is left out
        }
        return choices;
    }

    private static Instant? Moment(string? text, string field, List<FieldError> errors)
    {
        if (text is null)
            return null;
        var parsed = OffsetDateTimePattern.Rfc3339.Parse(text);
        if (parsed.Success)
            return parsed.Value.ToInstant();
        errors.Add(new(field, "invalid", "Expected a time with its offset, such as 2026-12-01T08:00:00Z."));
        return null;
    }
}
