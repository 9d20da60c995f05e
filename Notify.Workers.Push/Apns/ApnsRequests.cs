using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Workers.Push.Apns;

/// <summary>Writes the HTTP request of one push.</summary>
internal static class ApnsRequests
{
    /// <summary>The longest that APNs keeps a push for a device it cannot reach.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(30);

    public static HttpRequestMessage Create(
        PushMessage push,
        string topic,
        ReadOnlyMemory<byte> payload,
        string providerToken,
        Uri endpoint,
        DateTimeOffset now
    )
    {
        var id = push.DeliveryId.ToString("D");
        var latest = now + LongestLife;
        var expires = push.ExpiresAt < latest ? push.ExpiresAt : latest;
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint, $"/3/device/{push.Token}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ReadOnlyMemoryContent(payload) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("bearer", providerToken);
        request.Headers.Add("apns-id", id);
        request.Headers.Add("apns-topic", topic);
        request.Headers.Add("apns-push-type", "alert");
        request.Headers.Add("apns-priority", push.HighPriority ? "10" : "5");
        request.Headers.Add("apns-expiration", Math.Max(expires.ToUnixTimeSeconds(), 0).ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("apns-collapse-id", id); // a repeat replaces what is already shown
        return request;
    }
}
