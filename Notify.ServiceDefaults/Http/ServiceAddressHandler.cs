using Microsoft.Extensions.Configuration;

namespace Notify.ServiceDefaults.Http;

/// <summary>
/// Replaces a service's name by the address the host gives in <c>services:&lt;name&gt;:&lt;scheme&gt;:0</c>. <c>https+http://api</c> takes the first of the two that
/// is there. A name without an address goes on as it is, to be resolved by DNS.
/// </summary>
internal sealed class ServiceAddressHandler(IConfiguration configuration) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is { IsAbsoluteUri: true } uri)
            request.RequestUri = Resolve(uri);
        return base.SendAsync(request, cancellationToken);
    }

    private Uri Resolve(Uri uri)
    {
        var schemes = uri.Scheme.Split('+');
        foreach (var scheme in schemes)
        {
            if (configuration[$"services:{uri.Host}:{scheme}:0"] is not { Length: > 0 } text)
                continue;
            var address = Uri.TryCreate(text, UriKind.Absolute, out var parsed)
                ? parsed
                : throw new InvalidOperationException($"'services:{uri.Host}:{scheme}:0' holds no absolute URI; expected something like http://localhost:5310.");
            return new UriBuilder(uri) { Scheme = address.Scheme, Host = address.Host, Port = address.Port }.Uri;
        }
        return schemes.Length == 1 ? uri : new UriBuilder(uri) { Scheme = schemes[0] }.Uri;
    }
}
