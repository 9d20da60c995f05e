using System.Net.Http.Headers;
using Notify.Core.Channels;

namespace Notify.Sending.Http;

/// <summary>Reads Retry-After in both its forms.</summary>
public static class RetryAfter
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>No answer holds for longer: a point in time where seconds are asked for (1,800,000,000) would stop a provider for decades.
    /// A day.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The wait that was asked for, at least a second even where its date has passed, and at most <see cref="Longest"/>; null
    /// where none was.</summary>
    public static TimeSpan? Of(HttpResponseHeaders headers, DateTimeOffset now)
    {
        var wait = headers.RetryAfter?.Delta ?? headers.RetryAfter?.Date - now;
        return wait < Shortest ? Shortest
            : wait > Longest ? Longest
            : wait;
    }
}
