using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Notify.Api.Notifications;

namespace Notify.Tests.Api.Notifications;

public sealed class IdempotencyKeyTests
{
    [Theory]
    [InlineData("\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", "8e03978e-40d5-43dd-bc93-6894a57f9324")]
    [InlineData("8e03978e", "8e03978e")]
    [InlineData("  \"a\"  ", "a")]
    [InlineData("a\"b", "a\"b")]
    public void Key_is_quoted_or_bare(string header, string expected)
    {
        Assert.True(TryRead(header, out var key));
        Assert.Equal(expected, key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("a b")]
    [InlineData("é")]
    public void What_is_no_key_is_refused(string header) => Assert.False(TryRead(header, out _));

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void Key_has_at_most_255_characters(int length, bool expected)
    {
        Assert.Equal(expected, TryRead(new string('k', length), out _));
        Assert.Equal(expected, TryRead($"\"{new string('k', length)}\"", out _));
    }

    [Fact]
    public void Without_the_header_there_is_no_key()
    {
        Assert.True(TryRead(null, out var key));
        Assert.Null(key);
    }

    private static bool TryRead(string? header, out string? key)
    {
        var http = new DefaultHttpContext();
        if (header is not null)
            http.Request.Headers[IdempotencyKey.Header] = new StringValues(header);
        return IdempotencyKey.TryRead(http.Request, out key);
    }
}
