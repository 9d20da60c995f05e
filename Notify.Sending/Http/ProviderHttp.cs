using Notify.Core.Channels;

namespace Notify.Sending.Http;

/// <summary>The HTTP of an adapter that has no SDK.</summary>
public static class ProviderHttp
{
    /// <summary>
    /// One try, no redirect, no cookie, no trace of its own, and faults as <see cref="TransportException"/>. It belongs to the adapter
    /// alone: what is set on a shared factory, such as retries, must never reach it. There is no timeout; that is each attempt's own.
    /// </summary>
    public static HttpMessageInvoker Create() =>
        new(
            new FaultReportingHandler(
                new SocketsHttpHandler
                {
                    AllowAutoRedirect = false,
                    UseCookies = false,
                    ConnectTimeout = TimeSpan.FromSeconds(5),
                    PooledConnectionLifetime = TimeSpan.FromMinutes(5), // follows DNS
                    // sooner than servers close, whose closing would look like a lost answer
                    PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
                    ActivityHeadersPropagator = null, // no span either: a URL may hold a key
                }
            )
        );
}
