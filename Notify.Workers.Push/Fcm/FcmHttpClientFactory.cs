using Google.Apis.Http;
using Notify.Sending.Http;

namespace Notify.Workers.Push.Fcm;

/// <summary>The SDK's HTTP: over HTTP/2, to the configured endpoint, one try, faults reported as
/// <see cref="TransportException"/>.</summary>
internal sealed class FcmHttpClientFactory(Uri? endpoint) : SingleTryHttpClientFactory
{
    protected override void Finish(ConfigurableMessageHandler handler)
    {
        base.Finish(handler);
        if (handler.Credential is { } credential)
            handler.Credential = new AuthorizeOnly(credential);
    }

    protected override HttpMessageHandler CreateTransport(CreateHttpClientArgs args) =>
        new FaultReportingHandler(
            new FcmEndpointHandler(
                endpoint,
                new SocketsHttpHandler
                {
                    EnableMultipleHttp2Connections = true,
                    PooledConnectionLifetime = TimeSpan.FromMinutes(15), // follows DNS
                    ConnectTimeout = TimeSpan.FromSeconds(5),
                    KeepAlivePingDelay = TimeSpan.FromSeconds(30),
                    KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
                    KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
                    AllowAutoRedirect = false,
                    UseCookies = false,
                    // an empty propagator is not enough: OpenTelemetry's instrumentation would add its own headers
                    ActivityHeadersPropagator = null,
                }
            )
        );

    /// <summary>
    /// Puts the access token on a request and nothing more. The credential itself would also fetch a new one for every 401, each
    /// concurrent send its own, and for those too that another token cannot help; <see cref="FcmCredential.RenewAsync"/> does it once.
    /// </summary>
    private sealed class AuthorizeOnly(IHttpExecuteInterceptor credential) : IHttpExecuteInterceptor
    {
        public Task InterceptAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            credential.InterceptAsync(request, cancellationToken);
    }
}
