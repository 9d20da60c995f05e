using System.Net.Http;
using Notify.Sending.Http;

namespace Notify.Tests.Sending.Http;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, null)]
    [InlineData("0", 1)]
    [InlineData("30", 30)]
    [InlineData("Sun, 29 Nov 2026 12:02:00 GMT", 120)]
    [InlineData("Sun, 29 Nov 2026 11:00:00 GMT", 1)]
    [InlineData("86400", 86_400)]
    [InlineData("1795953600", 86_400)] // a point in time, where seconds are asked for
    [InlineData("Sat, 29 Nov 2036 12:00:00 GMT", 86_400)]
    [InlineData("soon", null)]
    public void Wait_is_read_in_both_forms_and_is_a_day_at_most(string? header, int? seconds)
    {
        using var response = new HttpResponseMessage();
        if (header is not null)
            response.Headers.TryAddWithoutValidation("Retry-After", header);

        Assert.Equal(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null, RetryAfter.Of(response.Headers, Now));
    }
}
