using System.Text;
using Notify.Api.Notifications;

namespace Notify.Tests.Api.Notifications;

public sealed class BatchReaderTests
{
    [Theory]
    [InlineData("""{"notifications":[{}]}""", "{}")]
    [InlineData("""{"notifications":[{"a":1},{"b":{"c":[{}]}}]}""", """{"a":1}|{"b":{"c":[{}]}}""")]
    [InlineData("""  { "notifications" : [ {"a":"}],{[\"" } , {"b":"\\"}  ] } """, """{"a":"}],{[\"" }|{"b":"\\"}""")]
    [InlineData("""{"notifications":[1,"x",null,[{}],true]}""", """1|"x"|null|[{}]|true""")]
    [InlineData("""{"notifications":[{"é":"😀"},{}]}""", """{"é":"😀"}|{}""")]
    [InlineData("""{"notifi\u0063ations":[{}]}""", "{}")]
    public void Items_are_found_where_they_stand(string json, string expected)
    {
        var body = Encoding.UTF8.GetBytes(json);
        var (items, error) = BatchReader.Read(body);
        Assert.Null(error);
        Assert.Equal(expected, string.Join('|', items!.Select(item => Encoding.UTF8.GetString(body.AsSpan(item)))));
    }

    [Theory]
    [InlineData("", "", "malformed")]
    [InlineData("{", "", "malformed")]
    [InlineData("[]", "", "wrong_type")]
    [InlineData("null", "", "wrong_type")]
    [InlineData("{}", "notifications", "required")]
    [InlineData("""{"notifications":[]}""", "notifications", "required")]
    [InlineData("""{"notifications":{}}""", "notifications", "wrong_type")]
    [InlineData("""{"notifications":null}""", "notifications", "wrong_type")]
    [InlineData("""{"items":[{}]}""", "items", "unknown_field")]
    [InlineData("""{"notifications":[{}],"more":1}""", "more", "unknown_field")]
    [InlineData("""{"\ud800":[]}""", "\\ud800", "unknown_field")]
    [InlineData("""{"notification\ud800s":[]}""", "", "unknown_field")]
    [InlineData("""{"notifications":[{}],"notifications":[{}]}""", "notifications", "duplicate_field")]
    [InlineData("""{"notifications":[{}]} x""", "", "malformed")]
    [InlineData("""{"notifications":[{}]}{}""", "", "malformed")]
    [InlineData("""{"notifications":[{}""", "", "malformed")]
    [InlineData("""{"notifications":[{},]}""", "", "malformed")]
    [InlineData("""{"notifications":[{"a":}]}""", "", "malformed")]
    public void What_is_no_batch_is_refused_as_a_whole(string json, string field, string rule)
    {
        var (items, error) = BatchReader.Read(Encoding.UTF8.GetBytes(json));
        Assert.Null(items);
        Assert.Equal((field, rule), (error!.Field, error.Rule));
    }

    [Fact]
    public void Item_as_deep_as_an_item_may_be_is_found()
    {
        var deep = $"{new string('[', 32)}{new string(']', 32)}";
        Assert.Single(BatchReader.Read(Encoding.UTF8.GetBytes($"{{\"notifications\":[{deep}]}}")).Items!);
    }
}
