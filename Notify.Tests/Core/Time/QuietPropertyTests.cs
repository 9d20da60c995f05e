using CsCheck;
using NodaTime;
using Notify.Core.Time;

namespace Notify.Tests.Core.Time;

public sealed class QuietPropertyTests
{
    private static readonly Duration s_second = Duration.FromSeconds(1);

    [Fact]
    public void Random_windows_are_quiet_as_defined() =>
        Gen.Select(QuietGen.Windows, QuietGen.Place, Gen.Bool)
            .Sample(
                (windows, place, areAllowed) =>
                {
                    var schedule = areAllowed ? QuietSchedule.FromAllowed(windows) : QuietSchedule.FromQuiet(windows);
                    if (schedule.CoversWeek)
                        return;
                    // The oracle knows whole minutes.
                    var middle = Instant.FromUnixTimeSeconds(place.Moment.ToUnixTimeSeconds() / 60 * 60);
                    var oracle = new QuietOracle(place.Zone, middle - Duration.FromDays(9), middle + Duration.FromDays(10));
                    var expected = areAllowed ? oracle.Outside(windows) : oracle.Inside(windows);
                    for (var hour = -6; hour <= 6; hour++)
                    {
                        var at = 9 * 24 * 60 + hour * 60 + windows[0].From % 60;
                        var end = expected[at] ? Array.IndexOf(expected, false, at) : -1;
                        var found = schedule.Find(place.Zone, oracle.At(at) + Duration.FromSeconds(59));
                        Assert.Equal(expected[at], found is not null);
                        if (end >= 0)
                            Assert.Equal(oracle.At(end), found!.Value.Until);
                    }
                },
                iter: 300
            );

    [Fact]
    public void End_of_quiet_time_is_the_first_moment_that_is_not_quiet() =>
        Gen.Select(QuietGen.Windows, QuietGen.Place, Gen.Bool, Gen.Double.Unit)
            .Sample(
                (windows, place, areAllowed, part) =>
                {
                    var schedule = areAllowed ? QuietSchedule.FromAllowed(windows) : QuietSchedule.FromQuiet(windows);
                    var found = schedule.Find(place.Zone, place.Moment);
                    Assert.Equal(schedule.IsQuiet(place.Zone, place.Moment), found is not null);
                    if (found is not { } stretch || schedule.CoversWeek)
                        return;
                    Assert.True(stretch.Until > place.Moment);
                    Assert.False(schedule.IsQuiet(place.Zone, stretch.Until));
                    Assert.True(schedule.IsQuiet(place.Zone, stretch.Until - s_second));
                    var between = place.Moment + (stretch.Until - place.Moment) * part;
                    if (between < stretch.Until)
                        Assert.Equal(stretch.Until, schedule.Find(place.Zone, between)?.Until);
                },
                iter: 20_000
            );

    [Fact]
    public void Allowed_windows_are_what_quiet_ones_leave_free() =>
        Gen.Select(QuietGen.Windows, QuietGen.Place)
            .Sample(
                (windows, place) =>
                {
                    var (quiet, allowed) = (QuietSchedule.FromQuiet(windows), QuietSchedule.FromAllowed(windows));
                    Assert.Equal(7 * ClockTime.MinutesOfDay, LengthOf(quiet) + LengthOf(allowed));
                    Assert.NotEqual(quiet.IsQuiet(DateTimeZone.Utc, place.Moment), allowed.IsQuiet(DateTimeZone.Utc, place.Moment));
                    // Where a clock changes, both may be quiet, but never neither.
                    Assert.True(quiet.IsQuiet(place.Zone, place.Moment) || allowed.IsQuiet(place.Zone, place.Moment));
                },
                iter: 10_000
            );

    [Fact]
    public void Order_and_repetition_of_windows_make_no_difference() =>
        QuietGen
            .Windows.SelectMany(windows => Gen.Shuffle(windows.Concat(windows.Take(3)).ToArray()).Select(shuffled => (windows, shuffled)))
            .Sample(
                (windows, shuffled) =>
                {
                    var (one, other) = (QuietSchedule.FromQuiet(windows), QuietSchedule.FromQuiet(shuffled));
                    Assert.Equal(one.Stretches, other.Stretches);
                    var ordered = one.Stretches.ToList();
                    // sorted, apart from each other, also over the end of the week
                    for (var i = 1; i < ordered.Count; i++)
                        Assert.True(ordered[i].From > ordered[i - 1].To);
                    if (!one.CoversWeek)
                        Assert.True(ordered[0].From + 7 * ClockTime.MinutesOfDay > ordered[^1].To);
                },
                iter: 10_000
            );

    private static int LengthOf(QuietSchedule schedule) => schedule.Stretches.Sum(stretch => stretch.To - stretch.From);
}
