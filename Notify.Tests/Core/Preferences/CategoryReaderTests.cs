using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Preferences;

namespace Notify.Tests.Core.Preferences;

public sealed class CategoryReaderTests
{
    [Fact]
    public void Category_is_read_and_answered_whole()
    {
        const string Json =
            """{"title":{"de":"Versand","en":"Shipping updates"},"type":"transactional","mode":"opt_in","channels":["push","email"],"quietHours":"ignore","guarantee":"at_most_once","ttl":86400,"enabled":false}""";
        var (category, errors) = Read(Json);
        Assert.Empty(errors);
        Assert.NotNull(category);
        Assert.Equal((CategoryMode.OptIn, QuietHoursRule.Ignore), (category.Mode, category.QuietHours));
        Assert.Equal((Guarantee.AtMostOnce, TimeSpan.FromDays(1)), (category.Guarantee, category.TimeToLive));
        Assert.Equal([Channel.Push, Channel.Email], category.Channels);
        Assert.Equal(Json, JsonSerializer.Serialize(category.ToDocument(), PreferenceJson.Kept.CategoryRequest));
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var (category, _) = Read("""{"title":{"en":"News"}}""");
        Assert.NotNull(category);
        Assert.Equal(
            ("transactional", CategoryMode.Optional, QuietHoursRule.Hold, Guarantee.AtLeastOnce, true),
            (category.Type, category.Mode, category.QuietHours, category.Guarantee, category.IsEnabled)
        );
        Assert.Null(category.Channels);
        Assert.Null(category.TimeToLive);
    }

    [Theory]
    [InlineData("""{}""", "title", "required")]
    [InlineData("""{"title":{}}""", "title", "required")]
    [InlineData("""{"title":{"english!":"News"}}""", "title.english!", "invalid")]
    [InlineData("""{"title":{"en":""}}""", "title.en", "invalid")]
    [InlineData("""{"title":{"en":null}}""", "title.en", "invalid")]
    [InlineData("""{T,"type":"promo"}""", "type", "unknown")]
    [InlineData("""{T,"mode":"mandatory"}""", "mode", "unknown")]
    [InlineData("""{T,"quietHours":"skip"}""", "quietHours", "unknown")]
    [InlineData("""{T,"guarantee":"exactly_once"}""", "guarantee", "unknown")]
    [InlineData("""{T,"channels":[]}""", "channels", "required")]
    [InlineData("""{T,"channels":["push","fax"]}""", "channels[1]", "unknown")]
    [InlineData("""{T,"channels":["push","push"]}""", "channels[1]", "repeated")]
    [InlineData("""{T,"ttl":0}""", "ttl", "out_of_range")]
    [InlineData("""{T,"ttl":2419201}""", "ttl", "out_of_range")]
    [InlineData("""{T,"type":"marketing","mode":"required"}""", "mode", "not_allowed")]
    [InlineData("""{T,"type":"marketing","quietHours":"ignore"}""", "quietHours", "not_allowed")]
    public void What_breaks_a_rule_is_named(string json, string field, string rule)
    {
        var (category, errors) = Read(json.Replace("T,", "\"title\":{\"en\":\"News\"},", StringComparison.Ordinal));
        Assert.Null(category);
        Assert.Equal((field, rule), (errors.Single().Field, errors.Single().Rule));
    }

    [Theory]
    [InlineData("orders.shipping", true)]
    [InlineData("a_b-1", true)]
    [InlineData("", false)]
    [InlineData("News", false)]
    [InlineData("a:b", false)]
    public void Ids_are_those_that_a_request_may_name(string id, bool isValid)
    {
        Assert.Equal(isValid, CategoryIds.IsValid(id));
        Assert.Equal(isValid, Read("""{"title":{"en":"News"}}""", id).Category is not null);
        Assert.False(CategoryIds.IsValid(new string('a', 65)));
    }

    [Fact]
    public void Each_term_has_a_name_that_is_read_back()
    {
        foreach (var mode in Enum.GetValues<CategoryMode>())
            Assert.Equal(mode, CategoryTerms.TryParse(mode.ToName(), out CategoryMode read) ? read : default(CategoryMode?));
        foreach (var rule in Enum.GetValues<QuietHoursRule>())
            Assert.Equal(rule, CategoryTerms.TryParse(rule.ToName(), out QuietHoursRule read) ? read : default(QuietHoursRule?));
        foreach (var guarantee in Enum.GetValues<Guarantee>())
            Assert.Equal(guarantee, CategoryTerms.TryParse(guarantee.ToName(), out Guarantee read) ? read : default(Guarantee?));
        Assert.Equal(["optional", "required", "opt_in"], CategoryTerms.Modes);
        Assert.Equal(["hold", "ignore"], CategoryTerms.QuietHoursRules);
        Assert.Equal(["at_least_once", "at_most_once"], CategoryTerms.Guarantees);
    }

    private static (Category? Category, IReadOnlyList<Notify.Core.Notifications.FieldError> Errors) Read(string json, string id = "news") =>
        CategoryReader.Read(id, JsonSerializer.Deserialize(json, PreferenceJson.Strict.CategoryRequest)!);
}
