namespace Notify.Tests.Packages.Twilio;

/// <summary>Sends what is meant for Twilio's host to another, and keeps the address that was meant.</summary>
internal sealed class LoopbackHandler(Uri target) : DelegatingHandler(new SocketsHttpHandler())
{
    public Uri? Meant { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Meant = request.RequestUri;
        request.RequestUri = new Uri(target, request.RequestUri!.PathAndQuery);
        return base.SendAsync(request, cancellationToken);
    }
}
