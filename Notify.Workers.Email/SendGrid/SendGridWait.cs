using System.Globalization;
using System.Net.Http.Headers;
using Notify.Sending.Http;

namespace Notify.Workers.Email.SendGrid;

/// <summary>How long an answer asks to wait: by Retry-After, or by the moment at which SendGrid's quota opens again.</summary>
internal static class SendGridWait
{
    /// <summary>The epoch second of that moment.</summary>
    private const string ResetHeader = "X-RateLimit-Reset";

    /// <summary>A moment further away is a value in another unit, not a wait.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    public static TimeSpan? Of(HttpResponseHeaders headers, DateTimeOffset now) => RetryAfter.Of(headers, now) ?? UntilReset(headers, now);

    private static TimeSpan? UntilReset(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (
            !headers.TryGetValues(ResetHeader, out var values)
            || !long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds < 1_000_000_000
            || seconds > (now + Longest).ToUnixTimeSeconds()
        )
            return null;
        var wait = DateTimeOffset.FromUnixTimeSeconds(seconds) - now;
        return wait < Shortest ? Shortest : wait;
    }
}
