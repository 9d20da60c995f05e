using NodaTime;
using Notify.Core.Time;

namespace Notify.Tests.Core.Time;

public sealed class ZonesTests
{
    [Theory]
    [InlineData("Europe/Zurich", "Europe/Zurich")]
    [InlineData("Europe/Kiev", "Europe/Kyiv")]
    [InlineData("Asia/Calcutta", "Asia/Kolkata")]
    [InlineData("America/Buenos_Aires", "America/Argentina/Buenos_Aires")]
    [InlineData("US/Eastern", "America/New_York")]
    [InlineData("Japan", "Asia/Tokyo")]
    [InlineData("GB", "Europe/London")]
    // Names of places stay, although the data has merged them with another place's.
    [InlineData("Europe/Oslo", "Europe/Oslo")]
    [InlineData("Europe/Amsterdam", "Europe/Amsterdam")]
    [InlineData("Iceland", "Atlantic/Reykjavik")]
    [InlineData("Africa/Asmera", "Africa/Asmara")]
    [InlineData("europe/berlin", "Europe/Berlin")]
    [InlineData("AMERICA/PORT-AU-PRINCE", "America/Port-au-Prince")]
    [InlineData("UTC", "Etc/UTC")]
    [InlineData("Etc/UTC", "Etc/UTC")]
    [InlineData("Zulu", "Etc/UTC")]
    public void Zone_has_its_current_name(string text, string id)
    {
        Assert.True(Zones.TryParse(text, out var zone, out var refusal));
        Assert.Null(refusal);
        Assert.Equal(id, zone.Id);
        Assert.Equal(id, Zones.Get(id).Id);
    }

    [Theory]
    [InlineData(null, "required")]
    [InlineData("", "required")]
    [InlineData(" ", "required")]
    [InlineData("EST", "not_allowed")]
    [InlineData("est", "not_allowed")]
    [InlineData("CET", "not_allowed")]
    [InlineData("GMT", "not_allowed")]
    [InlineData("GMT+0", "not_allowed")]
    [InlineData("EST5EDT", "not_allowed")]
    [InlineData("+02:00", "not_allowed")]
    [InlineData("-0500", "not_allowed")]
    [InlineData("UTC+2", "not_allowed")]
    [InlineData("UTC+02:00", "not_allowed")]
    [InlineData("GMT-5", "not_allowed")]
    [InlineData("Etc/GMT+5", "not_allowed")]
    [InlineData("Etc/GMT", "unknown")]
    [InlineData("Mars/Olympus", "unknown")]
    [InlineData("Europe/Berlin ", "unknown")]
    [InlineData("Factory", "unknown")]
    [InlineData("CEST", "unknown")]
    [InlineData("W. Europe Standard Time", "unknown")]
    public void What_is_no_place_is_refused(string? text, string rule)
    {
        Assert.False(Zones.TryParse(text, out var zone, out var refusal));
        Assert.Null(zone);
        Assert.Equal(rule, refusal.Rule);
        Assert.Throws<ArgumentException>(() => Zones.Get(text ?? ""));
    }

    [Fact]
    public void Windows_name_is_answered_with_its_IANA_name()
    {
        Assert.False(Zones.TryParse("W. Europe Standard Time", out _, out var refusal));
        Assert.Contains("Europe/Berlin", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_of_the_data_is_a_release_of_the_tz_database() => Assert.Matches("^20[0-9]{2}[a-z]$", Zones.DataVersion);

    [Fact]
    public void Each_name_that_is_kept_is_taken_again_as_itself_and_has_the_same_clock()
    {
        var now = Instant.FromUtc(2026, 7, 1, 0, 0);
        foreach (var id in DateTimeZoneProviders.Tzdb.Ids.Where(id => Zones.TryParse(id, out _, out _)))
        {
            var zone = Zones.Get(id);
            Assert.True(zone.Id.Length <= Zones.MaxIdLength);
            Assert.Equal(zone.Id, Zones.Get(zone.Id).Id);
            Assert.Equal(DateTimeZoneProviders.Tzdb[id].GetUtcOffset(now), zone.GetUtcOffset(now));
        }
    }
}
