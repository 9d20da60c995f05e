using System.Net.Http.Headers;

namespace Notify.Core.Channels.Http;

/// <summary>Reads Retry-After in both its forms.</summary>
public static class RetryAfter
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>The wait that was asked for, at least a second even where its date has passed; null where none was.</summary>
    public static TimeSpan? Of(HttpResponseHeaders headers, DateTimeOffset now)
    {
        var wait = headers.RetryAfter?.Delta ?? headers.RetryAfter?.Date - now;
        return wait < Shortest ? Shortest : wait;
    }
}
