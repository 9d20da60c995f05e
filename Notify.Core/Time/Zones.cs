using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using NodaTime;
using NodaTime.TimeZones;

namespace Notify.Core.Time;

/// <summary>Why a text is not taken as a time zone.</summary>
/// <param name="Rule"><c>required</c>, <c>not_allowed</c> (an abbreviation or an offset) or <c>unknown</c>.</param>
/// <param name="Message">What to give instead, for a person to read. Never repeats what was given.</param>
public sealed record ZoneRefusal(string Rule, string Message);

/// <summary>
/// Time zones by their IANA names, from the zone data that NodaTime carries: the same on every machine, whatever its own zone files say.
/// </summary>
public static class Zones
{
    /// <summary>The longest name that is taken, and the length of columns that hold one. The longest in the data has 32 characters.</summary>
    public const int MaxIdLength = 64;

    // Names of clocks rather than of places. What they stand for has changed over the years (EST became America/Panama in 2024b), and
    // those who write them mean the clock of some place, summer time included.
    private static readonly FrozenSet<string> s_clocks = new[]
    {
        "CET",
        "CST6CDT",
        "EET",
        "EST",
        "EST5EDT",
        "GMT",
        "GMT+0",
        "GMT-0",
        "GMT0",
        "Greenwich",
        "HST",
        "MET",
        "MST",
        "MST7MDT",
        "PST8PDT",
        "WET",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // Old names of places whose newer name the data has merged into another place with the same clock since 1970. People know their own
    // place, so the newer name is given: tz database, file backward, "Pre-1993 naming conventions" and "Alternate names".
    private static readonly Dictionary<string, string> s_renamed = new()
    {
        ["Africa/Asmera"] = "Africa/Asmara",
        ["Africa/Timbuktu"] = "Africa/Bamako",
        ["America/Coral_Harbour"] = "America/Atikokan",
        ["America/Virgin"] = "America/St_Thomas",
        ["Atlantic/Jan_Mayen"] = "Arctic/Longyearbyen",
        ["Iceland"] = "Atlantic/Reykjavik",
        ["Pacific/Ponape"] = "Pacific/Pohnpei",
        ["Pacific/Truk"] = "Pacific/Chuuk",
        ["Pacific/Yap"] = "Pacific/Chuuk",
    };

    private static readonly FrozenDictionary<string, string> s_names = Names();

    /// <summary>The version of the zone data, such as <c>2026f</c>: the tz database's own release name.</summary>
    public static string DataVersion => TzdbDateTimeZoneSource.Default.TzdbVersion;

    /// <summary>
    /// The zone of an IANA name. Case does not matter (the names differ in more than case: tz database, file theory.html). An old name
    /// gives the zone of the current one, so <see cref="DateTimeZone.Id"/> is what to store. A name that the data still lists for a
    /// place stays as it is, even where another place has had the same clock since 1970 (<c>Europe/Oslo</c> is not turned into
    /// <c>Europe/Berlin</c>). <c>UTC</c> and its aliases are taken as <c>Etc/UTC</c>: they are somebody's choice, and never a default.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out DateTimeZone? zone, [NotNullWhen(false)] out ZoneRefusal? refusal)
    {
        if (!string.IsNullOrEmpty(text) && s_names.TryGetValue(text, out var name))
        {
            (zone, refusal) = (DateTimeZoneProviders.Tzdb[name], null);
            return true;
        }
        (zone, refusal) = (null, RefusalOf(text));
        return false;
    }

    /// <summary>The zone of a name that was stored once.</summary>
    /// <exception cref="ArgumentException">The name is none that <see cref="TryParse"/> takes.</exception>
    public static DateTimeZone Get(string id) =>
        TryParse(id, out var zone, out _) ? zone : throw new ArgumentException("Not the name of a time zone.", nameof(id));

    private static ZoneRefusal RefusalOf(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return new("required", "Name an IANA time zone, such as Europe/Zurich.");
        if (IsOffset(text))
            return new("not_allowed", "An offset knows no summer time. Name an IANA time zone, such as Europe/Zurich.");
        if (s_clocks.Contains(text))
            return new(
                "not_allowed",
                "An abbreviation does not say whose summer time holds. Name an IANA time zone, such as America/New_York or Europe/London."
            );
        return TzdbDateTimeZoneSource.Default.WindowsMapping.PrimaryMapping.TryGetValue(text, out var iana)
            ? new("unknown", $"This is Windows' name of a time zone; its IANA name is {iana}.")
            : new("unknown", "There is no such IANA time zone. Expected a form such as Europe/Zurich.");
    }

    /// <summary><c>+02:00</c>, <c>UTC+2</c>, <c>GMT-05:00</c>, <c>Etc/GMT+5</c>.</summary>
    private static bool IsOffset(string text)
    {
        var rest = text.AsSpan();
        if (rest.StartsWith("Etc/", StringComparison.OrdinalIgnoreCase))
            rest = rest[4..];
        if (rest.StartsWith("UTC", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("GMT", StringComparison.OrdinalIgnoreCase))
            rest = rest[3..];
        return rest is ['+' or '-' or '\u2212', >= '0' and <= '9', ..] && !s_clocks.Contains(text);
    }

    /// <summary>Every name that is taken, in any case, and the one that is kept for it.</summary>
    private static FrozenDictionary<string, string> Names()
    {
        var source = TzdbDateTimeZoneSource.Default;
        var places = source.ZoneLocations!.Select(location => location.ZoneId).ToHashSet(StringComparer.Ordinal);
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, canonical) in source.CanonicalIdMap)
        {
            var isClock = s_clocks.Contains(name) || (canonical.StartsWith("Etc/", StringComparison.Ordinal) && canonical != "Etc/UTC");
            if (!isClock)
                names[name] = places.Contains(name) ? name : s_renamed.GetValueOrDefault(name, canonical);
        }
        return names.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
