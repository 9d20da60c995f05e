using System.Text;
using System.Text.Json;
using CsCheck;
using Notify.Core.Channels;
using Notify.Core.Notifications;
using Notify.Core.Preferences;

namespace Notify.Tests.Core.Preferences;

public sealed class PreferenceTests
{
    private static readonly string[] s_categories = ["news", "orders", "orders.shipping"];

    /// <summary>For the category news on SMS; y, n or - for each layer from the most specific on, then the category's mode.</summary>
    [Theory]
    [InlineData("-----", "optional", true, DecisionLayer.CategoryDefault)]
    [InlineData("-----", "opt_in", false, DecisionLayer.CategoryDefault)]
    [InlineData("-----", "required", true, DecisionLayer.CategoryDefault)]
    [InlineData("-----", null, true, DecisionLayer.UnknownCategory)]
    [InlineData("----n", "optional", false, DecisionLayer.TenantDefault)]
    [InlineData("----y", "opt_in", true, DecisionLayer.TenantDefault)]
    [InlineData("----n", null, false, DecisionLayer.TenantDefault)]
    [InlineData("---yn", "optional", true, DecisionLayer.PersonChannel)]
    [InlineData("---ny", "optional", false, DecisionLayer.PersonChannel)]
    [InlineData("--ynn", "opt_in", true, DecisionLayer.PersonCategory)]
    [InlineData("--nyy", "optional", false, DecisionLayer.PersonCategory)]
    [InlineData("-ynnn", "opt_in", true, DecisionLayer.PersonCategoryChannel)]
    [InlineData("-nyyy", "optional", false, DecisionLayer.PersonCategoryChannel)]
    [InlineData("-n---", null, false, DecisionLayer.PersonCategoryChannel)]
    [InlineData("nyyyy", "optional", false, DecisionLayer.PersonMarketing)]
    [InlineData("ynnnn", "optional", false, DecisionLayer.PersonCategoryChannel)]
    public void Most_specific_word_counts(string said, string? mode, bool isAllowed, DecisionLayer layer)
    {
        bool? At(int place) => said[place] == '-' ? null : said[place] == 'y';
        var person = new PersonPreferences
        {
            Marketing = At(0),
            Categories = new Dictionary<string, CategoryChoice> { ["news"] = new(At(2), ChannelChoices.None.With(Channel.Sms, At(1))) },
            Channels = ChannelChoices.None.With(Channel.Sms, At(3)),
        };
        var tenant = ChannelChoices.None.With(Channel.Sms, At(4));
        var answer = Preference.Resolve(person, "news", NotificationTypes.Marketing, Channel.Sms, tenant, CategoryOf(mode));
        Assert.Equal(new(isAllowed, layer), answer);
    }

    [Fact]
    public void Words_about_other_channels_and_categories_do_not_count()
    {
        var person = new PersonPreferences
        {
            Categories = new Dictionary<string, CategoryChoice>
            {
                ["news"] = new(null, ChannelChoices.None.With(Channel.Push, false)),
                ["orders"] = new(false, ChannelChoices.None),
            },
            Channels = ChannelChoices.None.With(Channel.Email, false),
        };
        var answer = Preference.Resolve(person, "news", "alert", Channel.Sms, ChannelChoices.None, CategoryOf("optional"));
        Assert.Equal(new(true, DecisionLayer.CategoryDefault), answer);
    }

    [Fact]
    public void Message_without_a_category_is_decided_by_its_channel()
    {
        Assert.Equal(
            new(true, DecisionLayer.NoCategory),
            Preference.Resolve(PersonPreferences.None, null, "alert", Channel.Push, ChannelChoices.None, null)
        );
        var person = new PersonPreferences { Channels = ChannelChoices.None.With(Channel.Push, false) };
        Assert.Equal(
            new(false, DecisionLayer.PersonChannel),
            Preference.Resolve(person, null, "alert", Channel.Push, ChannelChoices.None, null)
        );
    }

    [Theory]
    [InlineData(NotificationTypes.Transactional, true)]
    [InlineData(NotificationTypes.Alert, true)]
    [InlineData(NotificationTypes.Marketing, false)]
    public void No_to_marketing_concerns_marketing_alone(string type, bool isAllowed)
    {
        var person = new PersonPreferences { Marketing = false };
        Assert.Equal(isAllowed, Preference.Resolve(person, null, type, Channel.Push, ChannelChoices.None, null).IsAllowed);
    }

    /// <summary>One value at one place, as a patch that writes it.</summary>
    private static Gen<(string Path, string Patch)> Write { get; } =
        Gen.Select(
            Gen.Int[0, 3],
            Gen.Int[0, s_categories.Length - 1],
            Gen.Int[0, ChannelNames.All.Count - 1],
            Gen.Bool,
            (kind, category, channel, value) =>
            {
                var (id, name, word) = (s_categories[category], ChannelNames.All[channel].ToName(), value ? "true" : "false");
                return kind switch
                {
                    0 => ("marketing", In("marketing", word)),
                    1 => (name, In("channels", In(name, word))),
                    2 => (id, In("categories", In(id, In("enabled", word)))),
                    _ => ($"{id} {name}", In("categories", In(id, In("channels", In(name, word))))),
                };
            }
        );

    private static string In(string member, string json) => $"{{\"{member}\":{json}}}";

    [Fact]
    public void Same_values_give_the_same_answer_in_whatever_order_they_were_written() =>
        Write
            .Array[0, 15]
            .Select(writes => writes.DistinctBy(write => write.Path).ToArray())
            .SelectMany(writes => Gen.Shuffle(writes).Select(shuffled => (writes, shuffled)))
            .Sample(
                (writes, shuffled) =>
                {
                    var (one, other) = (After(writes), After(shuffled));
                    Assert.Equal(one.ToJson(), other.ToJson());
                    foreach (var category in s_categories)
                    {
                        foreach (var channel in ChannelNames.All)
                        {
                            var answer = Preference.Resolve(one, category, "marketing", channel, ChannelChoices.None, null);
                            Assert.Equal(answer, Preference.Resolve(other, category, "marketing", channel, ChannelChoices.None, null));
                            Assert.Equal(ByDefinition(writes, category, channel.ToName()), answer.IsAllowed);
                        }
                    }
                },
                iter: 5_000
            );

    [Fact]
    public void Channel_added_to_a_plain_no_leaves_the_no()
    {
        var (refused, _) = PreferenceReader.Read(
            JsonSerializer.Deserialize("""{"categories":{"news":false}}""", PreferenceJson.Strict.PreferenceDocument)!
        );
        var patched = Patched(refused!, """{"categories":{"news":{"channels":{"email":true}}}}""");
        Assert.False(Preference.Resolve(patched, "news", "alert", Channel.Push, ChannelChoices.None, null).IsAllowed);
        Assert.True(Preference.Resolve(patched, "news", "alert", Channel.Email, ChannelChoices.None, null).IsAllowed);
    }

    private static bool ByDefinition((string Path, string Patch)[] writes, string category, string channel)
    {
        bool? Said(string path) =>
            writes.FirstOrDefault(write => write.Path == path).Patch is { } patch ? patch.Contains("true", StringComparison.Ordinal) : null;
        return Said("marketing") != false && (Said($"{category} {channel}") ?? Said(category) ?? Said(channel) ?? true);
    }

    private static PersonPreferences After((string Path, string Patch)[] writes) =>
        writes.Aggregate(PersonPreferences.None, (before, write) => Patched(before, write.Patch));

    private static PersonPreferences Patched(PersonPreferences before, string patch)
    {
        var merged = JsonMergePatch.Apply(before.ToJson(), Encoding.UTF8.GetBytes(patch));
        return PreferenceReader.Read(JsonSerializer.Deserialize(merged, PreferenceJson.Strict.PreferenceDocument)!).Preferences!;
    }

    private static Category? CategoryOf(string? mode) =>
        mode is null
            ? null
            : new Category
            {
                Id = "news",
                Title = new Dictionary<string, string> { ["en"] = "News" },
                Mode = CategoryTerms.TryParse(mode, out CategoryMode parsed) ? parsed : throw new InvalidOperationException(mode),
            };
}
