using NodaTime;
using Notify.Core.Notifications;
using Notify.Core.Time;

namespace Notify.Core.Preferences;

/// <summary>Holds quiet hours to their rules.</summary>
internal static class QuietHoursReader
{
    /// <summary>Three windows for each day of the week.</summary>
    public const int MaxWindows = 21;

    /// <summary>Null where there are none, and where something is wrong with them.</summary>
    public static PersonQuietHours? Read(QuietHoursPreference? quiet, string field, List<FieldError> errors)
    {
        if (quiet is null)
            return null;
        var before = errors.Count;
        DateTimeZone? zone = null;
        if (quiet.Zone is not null && !Zones.TryParse(quiet.Zone, out zone, out var refusal))
            errors.Add(new(field + ".zone", refusal.Rule, refusal.Message));
        if (quiet.Windows is not null && quiet.DeliverBetween is not null)
        {
            errors.Add(new(field, "ambiguous", "Give windows or deliverBetween, not both."));
            return null;
        }
        var areAllowed = quiet.DeliverBetween is not null;
        var listField = field + (areAllowed ? ".deliverBetween" : ".windows");
        // A single one was most likely sent without an array, and an index would point at nothing then.
        var isOne = quiet.DeliverBetween?.Count == 1;
        var windows = Windows(quiet.DeliverBetween ?? quiet.Windows, listField, isOne, errors);
        if (errors.Count > before)
            return null;
        var schedule = areAllowed ? QuietSchedule.FromAllowed(windows) : QuietSchedule.FromQuiet(windows);
        if (schedule.CoversWeek)
        {
            errors.Add(new(listField, "covers_week", "The windows leave no minute of the week to send in."));
            return null;
        }
        return new(zone, windows, areAllowed, schedule);
    }

    private static List<WeeklyWindow> Windows(IReadOnlyList<WindowPreference?>? given, string field, bool isOne, List<FieldError> errors)
    {
        var windows = new List<WeeklyWindow>();
        if (given is not { Count: > 0 })
            errors.Add(new(field, "required", "Give at least one window, or leave quietHours out."));
        else if (given.Count > MaxWindows)
            errors.Add(new(field, "too_many", $"At most {MaxWindows} windows, and these are {given.Count}."));
        else
        {
            for (var i = 0; i < given.Count; i++)
            {
                if (Window(given[i], isOne ? field : $"{field}[{i}]", errors) is { } window)
                    windows.Add(window);
            }
        }
        // One order, and each once, whatever they were sent in.
        return [.. windows.Distinct().OrderBy(window => window.From).ThenBy(window => window.To).ThenBy(window => window.Days)];
    }

    private static WeeklyWindow? Window(WindowPreference? window, string field, List<FieldError> errors)
    {
        if (window is null)
        {
            errors.Add(new(field, "required", "A window is an object with from and to, not null."));
            return null;
        }
        var before = errors.Count;
        var days = Days(window.Days, field + ".days", errors);
        var from = Time(window.From, field + ".from", 0, ClockTime.MinutesOfDay - 1, "Expected HH:mm from 00:00 to 23:59.", errors);
        var to = Time(window.To, field + ".to", 0, ClockTime.MinutesOfDay, "Expected HH:mm from 00:00 to 24:00.", errors);
        if (errors.Count == before && from == to)
            errors.Add(new(field + ".to", "not_allowed", "A window ends at another time than it begins; a whole day is 00:00 to 24:00."));
        return errors.Count > before ? null : new WeeklyWindow(days, from, to);
    }

    private static WeekDays Days(IReadOnlyList<string?>? names, string field, List<FieldError> errors)
    {
        if (names is null)
            return WeekDays.All;
        if (names.Count == 0)
            errors.Add(new(field, "required", "Name at least one day, or leave days out for every day."));
        var days = WeekDays.None;
        for (var i = 0; i < names.Count && errors.Count <= PreferenceReader.MaxErrors; i++)
        {
            if (!WeekDayNames.TryParse(names[i], out var day))
                errors.Add(new($"{field}[{i}]", "unknown", $"One of: {string.Join(", ", WeekDayNames.All)}."));
            else if (days.HasFlag(day))
                errors.Add(new($"{field}[{i}]", "repeated", "Name each day once."));
            days |= day;
        }
        return days;
    }

    private static int Time(string? text, string field, int min, int max, string expected, List<FieldError> errors)
    {
        if (text is null)
            errors.Add(new(field, "required", expected));
        else if (ClockTime.TryParse(text, out var minutes) && minutes >= min && minutes <= max)
            return minutes;
        else
            errors.Add(new(field, "invalid", expected));
        return -1;
    }
}
