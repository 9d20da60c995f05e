using System.Text.RegularExpressions;
using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Core.Preferences;

/// <summary>Holds a category to its rules and makes one of what was sent. Pure; collects everything that is wrong.</summary>
public static partial class CategoryReader
{
    private const int MaxTitles = 50;
    private const int MaxTitleLength = 100;
    private const int MaxLocaleLength = 35; // RFC 5646 §4.4.1

    /// <summary>The category, or what is wrong with it.</summary>
    public static (Category? Category, IReadOnlyList<FieldError> Errors) Read(string id, CategoryRequest request)
    {
        var errors = new List<FieldError>();
        if (!CategoryIds.IsValid(id))
            errors.Add(new("id", "invalid", CategoryIds.Expected));
        var type = request.Type ?? NotificationTypes.Transactional;
        if (!NotificationTypes.All.Contains(type))
            errors.Add(new("type", "unknown", OneOf(NotificationTypes.All)));
        if (!CategoryTerms.TryParse(request.Mode ?? "optional", out CategoryMode mode))
            errors.Add(new("mode", "unknown", OneOf(CategoryTerms.Modes)));
        if (!CategoryTerms.TryParse(request.QuietHours ?? "hold", out QuietHoursRule quietHours))
            errors.Add(new("quietHours", "unknown", OneOf(CategoryTerms.QuietHoursRules)));
        if (!CategoryTerms.TryParse(request.Guarantee ?? "at_least_once", out Guarantee guarantee))
            errors.Add(new("guarantee", "unknown", OneOf(CategoryTerms.Guarantees)));
        if (type == NotificationTypes.Marketing && mode == CategoryMode.Required)
            errors.Add(new("mode", "not_allowed", "People can always refuse marketing: use optional or opt_in."));
        if (type == NotificationTypes.Marketing && quietHours == QuietHoursRule.Ignore)
            errors.Add(new("quietHours", "not_allowed", "Marketing waits for the end of quiet hours: use hold."));
        if (request.Ttl is < 1 or > NotificationLimits.MaxTimeToLiveSeconds)
            errors.Add(new("ttl", "out_of_range", $"Whole seconds from 1 to {NotificationLimits.MaxTimeToLiveSeconds} (four weeks)."));
        var channels = Channels(request.Channels, errors);
        var title = Title(request.Title, errors);
        if (errors.Count > 0)
            return (null, errors.Count > PreferenceReader.MaxErrors ? errors[..PreferenceReader.MaxErrors] : errors);
        return (
            new Category
            {
                Id = id,
                Title = title,
                Type = type,
                Mode = mode,
                Channels = channels,
                QuietHours = quietHours,
                Guarantee = guarantee,
                TimeToLive = request.Ttl is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                IsEnabled = request.Enabled ?? true,
            },
            []
        );
    }

    private static List<Channel>? Channels(IReadOnlyList<string?>? names, List<FieldError> errors)
    {
        if (names is null)
            return null;
        if (names.Count == 0)
            errors.Add(new("channels", "required", "Name at least one channel, or leave the field out for every channel."));
        var channels = new List<Channel>();
        for (var i = 0; i < names.Count && errors.Count <= PreferenceReader.MaxErrors; i++)
        {
            if (!ChannelNames.TryParse(names[i], out var channel))
                errors.Add(new($"channels[{i}]", "unknown", OneOf(ChannelNames.All.Select(known => known.ToName()))));
            else if (channels.Contains(channel))
                errors.Add(new($"channels[{i}]", "repeated", "Name each channel once."));
            else
                channels.Add(channel);
        }
        channels.Sort();
        return channels;
    }

    private static Dictionary<string, string> Title(IReadOnlyDictionary<string, string?>? titles, List<FieldError> errors)
    {
        var valid = new Dictionary<string, string>(StringComparer.Ordinal);
        if (titles is not { Count: > 0 })
            errors.Add(new("title", "required", "Give a title in at least one language, such as {\"en\": \"Shipping updates\"}."));
        else if (titles.Count > MaxTitles)
            errors.Add(new("title", "too_many", $"At most {MaxTitles} languages."));
        else
        {
            foreach (var (locale, title) in titles)
            {
                if (locale.Length > MaxLocaleLength || !LanguageTag().IsMatch(locale))
                    errors.Add(new($"title.{locale}", "invalid", "Not a language tag; expected a form such as en or de-CH."));
                else if (title is null || string.IsNullOrWhiteSpace(title) || !StoredText.IsName(title, MaxTitleLength))
                    errors.Add(
                        new($"title.{locale}", "invalid", $"A title has 1 to {MaxTitleLength} characters and no control characters.")
                    );
                else
                    valid[locale] = title;
            }
        }
        return valid;
    }

    private static string OneOf(IEnumerable<string> names) => $"One of: {string.Join(", ", names)}.";

    [GeneratedRegex(@"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,5}\z")]
    private static partial Regex LanguageTag();
}
