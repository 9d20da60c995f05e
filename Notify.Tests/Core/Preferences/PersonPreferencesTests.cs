using System.Text.Json;
using CsCheck;
using NodaTime;
using Notify.Core.Channels;
using Notify.Core.Preferences;
using Notify.Core.Time;
using Notify.Tests.Core.Time;

namespace Notify.Tests.Core.Preferences;

public sealed class PersonPreferencesTests
{
    private static Gen<ChannelChoices> Choices { get; } =
        Gen.Int[0, 2]
            .Array[ChannelNames.All.Count]
            .Select(said => ChannelNames.All.Aggregate(ChannelChoices.None, (choices, channel) => choices.With(
                        channel,
                        said[(int)channel] switch
                        {
                            0 => null,
                            1 => false,
                            _ => true,
                        }
                    )));

    private static Gen<bool?> Word { get; } = Gen.OneOf(Gen.Const((bool?)null), Gen.Const((bool?)false), Gen.Const((bool?)true));

    private static Gen<PersonQuietHours?> Quiet { get; } =
        Gen.Select(
            Gen.OneOf(Gen.Const((DateTimeZone?)null), QuietGen.Zone.Select(zone => (DateTimeZone?)zone)),
            QuietGen.Windows,
            Gen.Bool,
            (zone, windows, areAllowed) =>
            {
                var schedule = areAllowed ? QuietSchedule.FromAllowed(windows) : QuietSchedule.FromQuiet(windows);
                return schedule.CoversWeek ? null : new PersonQuietHours(zone, windows, areAllowed, schedule);
            }
        );

    private static Gen<PersonPreferences> Preferences { get; } =
        Gen.Select(
            Word,
            Choices,
            Gen.Dictionary(
                Gen.Int[0, 99].Select(i => $"c{i}"),
                Gen.Select(Word, Choices, (enabled, channels) => new CategoryChoice(enabled, channels))
            )[0, 20],
            Quiet,
            Gen.OneOf(
                Gen.Const((Instant?)null),
                Gen.Long[0, 4_000_000_000_000].Select(ms => (Instant?)Instant.FromUnixTimeMilliseconds(ms))
            ),
            (marketing, channels, categories, quiet, muted) =>
                new PersonPreferences
                {
                    Marketing = marketing,
                    Channels = channels,
                    Categories = categories,
                    QuietHours = quiet,
                    MutedUntil = muted,
                }
        );

    [Fact]
    public void What_is_kept_is_read_back_with_the_same_meaning_and_the_same_bytes() =>
        Preferences.Sample(
            before =>
            {
                var json = before.ToJson();
                var after = PersonPreferences.FromJson(json);
                Assert.Equal(before.Marketing, after.Marketing);
                Assert.Equal(before.Channels, after.Channels);
                Assert.Equal(before.MutedUntil, after.MutedUntil);
                var said = before.Categories.Where(category => category.Value != default).OrderBy(category => category.Key);
                Assert.Equal(said, after.Categories.OrderBy(category => category.Key));
                Assert.Equal(before.QuietHours?.Zone, after.QuietHours?.Zone);
                Assert.Equal(before.QuietHours?.AreAllowed, after.QuietHours?.AreAllowed);
                Assert.Equal(before.QuietHours?.Windows.ToHashSet(), after.QuietHours?.Windows.ToHashSet());
                Assert.Equal(before.QuietHours?.Schedule.Stretches, after.QuietHours?.Schedule.Stretches);
                // The first may have windows or empty categories that the form leaves out; from then on nothing changes.
                Assert.Equal(after.ToJson(), PersonPreferences.FromJson(after.ToJson()).ToJson());
                Assert.Equal(
                    after.ToJson(),
                    PreferenceReader.Read(JsonSerializer.Deserialize(json, PreferenceJson.Strict.PreferenceDocument)!).Preferences!.ToJson()
                );
            },
            iter: 3_000
        );

    [Fact]
    public void Choice_of_a_channel_leaves_the_others()
    {
        foreach (var channel in ChannelNames.All)
        {
            var all = ChannelNames.All.Aggregate(ChannelChoices.None, (choices, each) => choices.With(each, true));
            var changed = all.With(channel, false);
            Assert.All(ChannelNames.All, each => Assert.Equal(each != channel, changed[each]));
            Assert.Null(changed.With(channel, null)[channel]);
            Assert.Equal(all, changed.With(channel, null).With(channel, true));
        }
    }
}
