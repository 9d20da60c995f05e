using System.Text;
using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Preferences;

namespace Notify.Tests.Core.Preferences;

public sealed class PreferenceReaderTests
{
    [Theory]
    [InlineData("""{"channels":{"fax":true}}""", "channels.fax", "unknown")]
    [InlineData("""{"categories":{"News":false}}""", "categories.News", "invalid")]
    [InlineData("""{"categories":{"other":false}}""", "categories.other", "unknown")]
    [InlineData("""{"categories":{"news":null}}""", "categories.news", "required")]
    [InlineData("""{"categories":{"news":{"channels":{"fax":true}}}}""", "categories.news.channels.fax", "unknown")]
    [InlineData("""{"mutedUntil":"tomorrow"}""", "mutedUntil", "invalid")]
    [InlineData("""{"mutedUntil":"2026-12-01T08:00:00"}""", "mutedUntil", "invalid")]
    [InlineData("""{"quietHours":{}}""", "quietHours.windows", "required")]
    [InlineData("""{"quietHours":{"windows":[]}}""", "quietHours.windows", "required")]
    [InlineData("""{"quietHours":{"windows":[null]}}""", "quietHours.windows[0]", "required")]
    [InlineData("""{"quietHours":{"zone":"EST","windows":[W]}}""", "quietHours.zone", "not_allowed")]
    [InlineData("""{"quietHours":{"zone":"+02:00","windows":[W]}}""", "quietHours.zone", "not_allowed")]
    [InlineData("""{"quietHours":{"zone":"Mars/Olympus","windows":[W]}}""", "quietHours.zone", "unknown")]
    [InlineData("""{"quietHours":{"zone":"","windows":[W]}}""", "quietHours.zone", "required")]
    [InlineData("""{"quietHours":{"windows":[{"from":"22:00"}]}}""", "quietHours.windows[0].to", "required")]
    [InlineData("""{"quietHours":{"windows":[{"to":"22:00"}]}}""", "quietHours.windows[0].from", "required")]
    [InlineData("""{"quietHours":{"windows":[W,{"from":"22:00","to":"22:00"}]}}""", "quietHours.windows[1].to", "not_allowed")]
    [InlineData("""{"quietHours":{"windows":[{"from":"00:00","to":"00:00"}]}}""", "quietHours.windows[0].to", "not_allowed")]
    [InlineData("""{"quietHours":{"windows":[{"from":"22:00","to":"25:00"}]}}""", "quietHours.windows[0].to", "invalid")]
    [InlineData("""{"quietHours":{"windows":[{"from":"24:00","to":"07:00"}]}}""", "quietHours.windows[0].from", "invalid")]
    [InlineData(
        """{"quietHours":{"windows":[{"days":["someday"],"from":"22:00","to":"07:00"}]}}""",
        "quietHours.windows[0].days[0]",
        "unknown"
    )]
    [InlineData(
        """{"quietHours":{"windows":[{"days":["mon","mon"],"from":"22:00","to":"07:00"}]}}""",
        "quietHours.windows[0].days[1]",
        "repeated"
    )]
    [InlineData("""{"quietHours":{"windows":[{"days":[],"from":"22:00","to":"07:00"}]}}""", "quietHours.windows[0].days", "required")]
    [InlineData("""{"quietHours":{"windows":[{"from":"00:00","to":"24:00"}]}}""", "quietHours.windows", "covers_week")]
    [InlineData("""{"quietHours":{"windows":[W,{"from":"07:00","to":"22:00"}]}}""", "quietHours.windows", "covers_week")]
    [InlineData("""{"quietHours":{"windows":[W],"deliverBetween":W}}""", "quietHours", "ambiguous")]
    [InlineData("""{"quietHours":{"deliverBetween":[]}}""", "quietHours.deliverBetween", "required")]
    [InlineData("""{"quietHours":{"deliverBetween":{"from":"09:00","to":"9 PM"}}}""", "quietHours.deliverBetween.to", "invalid")]
    [InlineData("""{"quietHours":{"deliverBetween":[W,{"from":"1","to":"07:00"}]}}""", "quietHours.deliverBetween[1].from", "invalid")]
    public void What_breaks_a_rule_is_named(string json, string field, string rule)
    {
        var (preferences, errors) = Read(json.Replace("W", """{"from":"22:00","to":"07:00"}""", StringComparison.Ordinal));
        Assert.Null(preferences);
        Assert.Equal((field, rule), (errors.Single().Field, errors.Single().Rule));
    }

    [Fact]
    public void At_most_21_windows_are_taken()
    {
        Assert.Empty(Read(WithWindows(21)).Errors);
        var (_, errors) = Read(WithWindows(22));
        Assert.Equal(("quietHours.windows", "too_many"), (errors.Single().Field, errors.Single().Rule));
        Assert.Equal("too_many", Read(WithWindows(22).Replace("windows", "deliverBetween", StringComparison.Ordinal)).Errors.Single().Rule);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once_up_to_20_things()
    {
        var (_, errors) = Read("""{"channels":{"fax":true},"quietHours":{"zone":"EST","windows":[{"from":"1"}]},"mutedUntil":"x"}""");
        Assert.Equal(
            ["channels.fax", "quietHours.zone", "quietHours.windows[0].from", "quietHours.windows[0].to", "mutedUntil"],
            errors.Select(error => error.Field)
        );
        Assert.Equal(
            20,
            Read("{\"channels\":{" + string.Join(",", Enumerable.Range(0, 50).Select(i => $"\"c{i}\":true")) + "}}").Errors.Count
        );
    }

    [Fact]
    public void Everything_that_can_be_said_is_read()
    {
        var (read, errors) = Read(
            """
            {"channels":{"sms":false},
             "categories":{"orders.shipping":{"channels":{"sms":true}},"news":false,"empty":{}},
             "quietHours":{"zone":"europe/kiev","windows":[{"days":["sun","mon","tue","wed","thu"],"from":"22:00","to":"07:00"}]},
             "mutedUntil":"2026-12-01T09:00:00+01:00","marketing":false}
            """
        );
        Assert.Empty(errors);
        Assert.NotNull(read);
        Assert.Equal((false, null), (read.Channels[Channel.Sms], read.Channels[Channel.Push]));
        Assert.Equal((false, (bool?)null), (read.Categories["news"].Enabled, read.Categories["orders.shipping"].Enabled));
        Assert.True(read.Categories["orders.shipping"].Channels[Channel.Sms]);
        Assert.Equal(
            """{"marketing":false,"channels":{"sms":false},"categories":{"news":{"enabled":false},"orders.shipping":{"channels":{"sms":true}}},"quietHours":{"zone":"Europe/Kyiv","windows":[{"days":["mon","tue","wed","thu","sun"],"from":"22:00","to":"07:00"}]},"mutedUntil":"2026-12-01T08:00:00Z"}""",
            Encoding.UTF8.GetString(read.ToJson())
        );
    }

    [Theory]
    [InlineData("""{"quietHours":{"deliverBetween":{"from":"09:00","to":"21:00"}}}""", null)]
    [InlineData(
        """{"quietHours":{"deliverBetween":[{"from":"09:00","to":"21:00"}]}}""",
        """{"quietHours":{"deliverBetween":{"from":"09:00","to":"21:00"}}}"""
    )]
    [InlineData(
        """{"quietHours":{"deliverBetween":[{"from":"19:00","to":"21:00"},{"from":"09:00","to":"12:00"},{"from":"19:00","to":"21:00"}]}}""",
        """{"quietHours":{"deliverBetween":[{"from":"09:00","to":"12:00"},{"from":"19:00","to":"21:00"}]}}"""
    )]
    [InlineData(
        """{"quietHours":{"windows":[{"from":"22:00","to":"00:00"}]}}""",
        """{"quietHours":{"windows":[{"from":"22:00","to":"24:00"}]}}"""
    )]
    [InlineData(
        """{"categories":{"news":{"enabled":true,"channels":{"sms":false,"push":true}}}}""",
        """{"categories":{"news":{"enabled":true,"channels":{"push":true,"sms":false}}}}"""
    )]
    [InlineData("""{"categories":{},"channels":{}}""", "{}")]
    [InlineData("{}", null)]
    public void One_meaning_has_one_form(string json, string? canonical)
    {
        var (read, errors) = Read(json);
        Assert.Empty(errors);
        Assert.Equal(canonical ?? json, Encoding.UTF8.GetString(read!.ToJson()));
    }

    [Theory]
    [InlineData("""{"chanels":{}}""")]
    [InlineData("""{"Channels":{}}""")]
    [InlineData("""{"channels":{"sms":"no"}}""")]
    [InlineData("""{"channels":{"sms":null}}""")]
    [InlineData("""{"categories":{"news":"no"}}""")]
    [InlineData("""{"categories":{"news":{"chanels":{}}}}""")]
    [InlineData("""{"quietHours":{"window":[]}}""")]
    [InlineData("""{"quietHours":{"windows":{"from":"22:00","to":"07:00"}}}""")]
    [InlineData("""{"quietHours":{"deliverBetween":{"from":"22:00","till":"07:00"}}}""")]
    [InlineData("""{"quietHours":{"deliverBetween":[{"from":"22:00","till":"07:00"}]}}""")]
    [InlineData("""{"quietHours":{"deliverBetween":"09:00-21:00"}}""")]
    public void Unknown_fields_and_wrong_types_are_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, PreferenceJson.Strict.PreferenceDocument));

    [Fact]
    public void Fault_within_a_category_or_window_has_a_path()
    {
        var fault = Assert.Throws<JsonException>(() =>
            JsonSerializer.Deserialize("""{"categories":{"news":{"chanels":{}}}}""", PreferenceJson.Strict.PreferenceDocument)
        );
        Assert.Equal("$.categories.news", fault.Path);
        Assert.Equal("$.chanels", Assert.IsType<JsonException>(fault.InnerException).Path);
    }

    [Fact]
    public void Kept_preferences_of_a_newer_version_are_read_and_broken_ones_are_a_fault()
    {
        var newer = """{"later":{"a":[1]},"channels":{"fax":true,"sms":false},"categories":{"news":{"later":[{}],"enabled":true}}}"""u8;
        Assert.Equal(ChannelChoices.None.With(Channel.Sms, false), PersonPreferences.FromJson(newer).Channels);
        Assert.True(PersonPreferences.FromJson(newer).Categories["news"].Enabled);
        Assert.Throws<InvalidDataException>(() => PersonPreferences.FromJson("""{"channels":{"sms":1}}"""u8));
        Assert.Throws<InvalidDataException>(() => PersonPreferences.FromJson("""{"quietHours":{"windows":[]}}"""u8));
        Assert.Throws<InvalidDataException>(() => PersonPreferences.FromJson("""{"channels":{"sms":"""u8));
        Assert.Throws<InvalidDataException>(() => PersonPreferences.FromJson("""{"mutedUntil":"never"}"""u8));
    }

    private static string WithWindows(int count) =>
        """{"quietHours":{"windows":["""
        + string.Join(",", Enumerable.Range(0, count).Select(i => $$"""{"from":"01:{{i:00}}","to":"02:00"}"""))
        + "]}}";

    private static (PersonPreferences? Preferences, IReadOnlyList<Notify.Core.Notifications.FieldError> Errors) Read(string json) =>
        PreferenceReader.Read(JsonSerializer.Deserialize(json, PreferenceJson.Strict.PreferenceDocument)!, id => id != "other");
}
