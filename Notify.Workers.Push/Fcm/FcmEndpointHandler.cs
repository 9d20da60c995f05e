using System.Net;

namespace Notify.Workers.Push.Fcm;

/// <summary>The SDK's address is fixed and its requests say HTTP/1.1; this sends them where the options say, over HTTP/2.</summary>
internal sealed class FcmEndpointHandler(Uri? endpoint, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (endpoint is not null && request.RequestUri is { } address)
            request.RequestUri = new Uri(endpoint, address.PathAndQuery);

        request.Version = HttpVersion.Version20;
        request.VersionPolicy =
            request.RequestUri?.Scheme == Uri.UriSchemeHttp
                ? HttpVersionPolicy.RequestVersionExact
                : HttpVersionPolicy.RequestVersionOrLower; // a proxy on the way may know HTTP/1.1 only
        return base.SendAsync(request, cancellationToken);
    }
}
