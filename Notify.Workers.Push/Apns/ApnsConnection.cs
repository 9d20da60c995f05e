using System.Net.Http;
using Notify.Sending.Http;

namespace Notify.Workers.Push.Apns;

/// <summary>Our HTTP/2 connections to one of APNs' environments: kept open as Apple asks, and watched, so that a dead one is
/// noticed.</summary>
internal sealed class ApnsConnection(Uri endpoint, int maxStreams) : IDisposable
{
    private readonly SemaphoreSlim _streams = new(maxStreams, maxStreams);
    private readonly HttpMessageInvoker _http = new(
        new FaultReportingHandler(
            new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
                PooledConnectionLifetime = TimeSpan.FromHours(12), // follows DNS, without opening and closing rapidly
                ConnectTimeout = TimeSpan.FromSeconds(5),
                KeepAlivePingDelay = TimeSpan.FromMinutes(1), // address translators on the way forget idle connections within minutes
                KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
                KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
                AllowAutoRedirect = false,
                UseCookies = false,
                ActivityHeadersPropagator = null, // no span of its own either: its URL would hold the device token
            }
        )
    );

    public Uri Endpoint => endpoint;

    /// <summary>Waits for the right to have one more push under way; disposing gives it back.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _streams.WaitAsync(cancellationToken);
        return new Permit(_streams);
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _http.SendAsync(request, cancellationToken);

    public void Dispose() => _http.Dispose();

    private sealed class Permit(SemaphoreSlim streams) : IDisposable
    {
        public void Dispose() => streams.Release();
    }
}
