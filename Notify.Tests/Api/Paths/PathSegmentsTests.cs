using Notify.Api.Paths;

namespace Notify.Tests.Api.Paths;

public sealed class PathSegmentsTests
{
    [Theory]
    [InlineData("/v1/recipients/ann", "v1|recipients|ann")]
    [InlineData("/v1/recipients/ann/?a=/b", "v1|recipients|ann")]
    [InlineData("http://host:80/v1/recipients/ann#x", "v1|recipients|ann")]
    [InlineData("http://host", "")]
    [InlineData("/", "")]
    [InlineData("/a%2Fb", "a/b")]
    [InlineData("/a%252Fb", "a%2Fb")]
    [InlineData("/a%25252Fb", "a%252Fb")]
    [InlineData("/100%25", "100%")]
    [InlineData("/a+b%20c", "a+b c")]
    [InlineData("/%C3%A9%F0%9F%98%80", "é😀")]
    [InlineData("/a%3Fb%23c", "a?b#c")]
    [InlineData("/a//b", "a||b")]
    [InlineData("/x/../v1/./ann", "v1|ann")]
    [InlineData("/x/%2e%2E/v1", "v1")]
    [InlineData("/%2e%2e%2fv1", "../v1")]
    [InlineData("/%", null)]
    [InlineData("/%4", null)]
    [InlineData("/%zz", null)]
    [InlineData("/%FF", null)]
    [InlineData("/%ED%A0%80", null)]
    public void Segments_are_decoded_once_and_whole(string target, string? expected) =>
        Assert.Equal(expected, PathSegments.Read(target) is { } segments ? string.Join('|', segments) : null);
}
