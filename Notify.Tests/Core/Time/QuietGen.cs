using CsCheck;
using NodaTime;
using Notify.Core.Time;

namespace Notify.Tests.Core.Time;

/// <summary>Random windows, zones and moments, with many near changes of the clock.</summary>
internal static class QuietGen
{
    private static readonly string[] s_zones =
    [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "Africa/Casablanca",
        "Africa/Cairo",
        "America/Santiago",
        "Europe/London",
        "America/Sao_Paulo",
        "Pacific/Chatham",
        "Etc/UTC",
    ];

    private static Gen<int> Minute { get; } =
        Gen.OneOf(Gen.Int[0, ClockTime.MinutesOfDay - 1], Gen.Int[0, 24 * 4 - 1].Select(quarter => quarter * 15), Gen.Int[0, 180]);

    public static Gen<WeeklyWindow> Window { get; } =
        Gen.Select(
            Gen.OneOf(Gen.Const(WeekDays.All), Gen.Int[1, (int)WeekDays.All].Select(days => (WeekDays)days)),
            Minute,
            Minute,
            (days, from, to) => new WeeklyWindow(days, from, to == from ? from + 1 : to)
        );

    public static Gen<WeeklyWindow[]> Windows { get; } = Window.Array[1, 21];

    public static Gen<DateTimeZone> Zone { get; } = Gen.Int[0, s_zones.Length - 1].Select(i => Zones.Get(s_zones[i]));

    /// <summary>A zone, and a moment to the second from 2005 to 2035: half of them within three hours of a change of its clock.</summary>
    public static Gen<(DateTimeZone Zone, Instant Moment)> Place { get; } =
        Gen.Select(
            Zone,
            Gen.Long[Instant.FromUtc(2005, 1, 1, 0, 0).ToUnixTimeSeconds(), Instant.FromUtc(2035, 1, 1, 0, 0).ToUnixTimeSeconds()],
            Gen.Int[-3 * 3600, 3 * 3600],
            Gen.Bool,
            (zone, second, near, isNear) =>
            {
                var moment = Instant.FromUnixTimeSeconds(second);
                var interval = zone.GetZoneInterval(moment);
                return (zone, isNear && interval.HasEnd ? interval.End + Duration.FromSeconds(near) : moment);
            }
        );
}
