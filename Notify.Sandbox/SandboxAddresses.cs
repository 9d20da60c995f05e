using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Notify.Sandbox;

/// <summary>Where the sandbox listens; the ports are known once it has started.</summary>
internal sealed class SandboxAddresses
{
    private readonly List<ListenOptions> _http = [];
    private ListenOptions? _http2;
    private ListenOptions? _smtp;

    public Uri Http => Address("http", _http.FirstOrDefault());

    public Uri Http2 => Address("http", _http2);

    public int SmtpPort => PortOf(_smtp);

    internal void AddHttp(ListenOptions listen) => _http.Add(listen);

    internal void SetHttp2(ListenOptions listen) => _http2 = listen;

    internal void SetSmtp(ListenOptions listen) => _smtp = listen;

    private static Uri Address(string scheme, ListenOptions? listen)
    {
        // A listener on "localhost" stands for both loopback addresses and carries the port only.
        var host = listen?.IPEndPoint?.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "[::1]" : "127.0.0.1";
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"{scheme}://{host}:{PortOf(listen)}"));
    }

    private static int PortOf(ListenOptions? listen) =>
        listen?.IPEndPoint?.Port ?? throw new InvalidOperationException("The sandbox has not started yet, so its ports are not known.");
}
