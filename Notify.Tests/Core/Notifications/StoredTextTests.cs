using System.Text;
using Notify.Core.Notifications;

namespace Notify.Tests.Core.Notifications;

public sealed class StoredTextTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("a\0b\r\nc\td", "abcd")]
    [InlineData("0123456789abc", "0123456789")]
    [InlineData("grüße 😀", "grüße 😀")]
    [InlineData("012345678😀", "012345678")]
    [InlineData("\u0001012345678😀", "012345678")]
    public void Text_is_bounded_and_without_control_characters(string? text, string? expected) =>
        Assert.Equal(expected, StoredText.Clean(text, 10));

    [Fact]
    public void Half_of_a_surrogate_pair_is_dropped_wherever_it_stands()
    {
        string[] broken = [new(['a', '\uD83D']), new(['\uDE00', 'a']), new(['\uD83D', 'a', '\uDE00']), new(['\uDE00', 'a', '\uD83D'])];
        Assert.All(broken, text => Assert.Equal("a", StoredText.Clean(text, 10)));
    }

    [Fact]
    public void Cleaned_text_is_always_utf8()
    {
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var text = string.Concat(Enumerable.Repeat("x😀", 50));
        Assert.All(Enumerable.Range(0, text.Length + 1), length =>
            Assert.InRange(strict.GetByteCount(StoredText.Clean(text, length)!), 0, 4 * length)
        );
    }

    [Theory]
    [InlineData("acme", true)]
    [InlineData("a b", true)]
    [InlineData("0123456789", true)]
    [InlineData("01234567890", false)]
    [InlineData("", false)]
    [InlineData("a\n", false)]
    public void Names_are_bounded_and_without_control_characters(string name, bool expected) =>
        Assert.Equal(expected, StoredText.IsName(name, 10));
}
