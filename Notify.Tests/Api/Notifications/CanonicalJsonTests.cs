using System.Text;
using Notify.Api.Notifications;

namespace Notify.Tests.Api.Notifications;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("""{"a":1,"b":[true,null,"x"]}""", """ { "b" : [ true,null , "x" ],"a":1 } """)]
    [InlineData("""{"a":{"b":1,"c":{"d":2,"e":3}}}""", """{"a":{"c":{"e":3,"d":2},"b":1}}""")]
    [InlineData("""{"é/":"😀\n"}""", """{"\u00e9\/":"\ud83d\ude00\u000a"}""")]
    [InlineData("\"\"", " \"\" ")]
    [InlineData("[]", "[ ]")]
    public void Same_value_has_the_same_form(string one, string other) => Assert.Equal(Hash(one), Hash(other));

    [Theory]
    [InlineData("""{"a":1}""", """{"a":2}""")]
    [InlineData("""{"a":1}""", """{"b":1}""")]
    [InlineData("""{"a":1}""", """{"a":1,"b":null}""")]
    [InlineData("""{"a":1}""", """{"a":"1"}""")]
    [InlineData("""{"a":1}""", """{"a":1.0}""")] // a payload's number travels as its text
    [InlineData("""[1,2]""", """[2,1]""")]
    [InlineData("""["ab","c"]""", """["a","bc"]""")]
    [InlineData("""[["a"],"b"]""", """[["a","b"]]""")]
    [InlineData("""{"a":{"b":1},"c":2}""", """{"a":{"b":1,"c":2}}""")]
    [InlineData("""["s"]""", """["\ud800"]""")]
    [InlineData("\"null\"", "null")]
    public void Another_value_has_another_form(string one, string other) => Assert.NotEqual(Hash(one), Hash(other));

    [Fact]
    public void Nesting_without_end_ends_nothing()
    {
        var deep = new string('[', 200_000) + new string(']', 200_000);
        Assert.NotEqual(Hash(deep), Hash($"[{deep}]"));
    }

    private static string Hash(string json) => Convert.ToHexString(CanonicalJson.Hash(Encoding.UTF8.GetBytes(json)));
}
