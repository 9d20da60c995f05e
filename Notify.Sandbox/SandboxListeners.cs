using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Notify.Sandbox.Smtp;

namespace Notify.Sandbox;

/// <summary>
/// Opens the listeners: HTTP/1.1 where the usual urls setting says, HTTP/2 and SMTP on their own ports. Explicit listeners make Kestrel
/// ignore the urls setting, so it is read here. Stand-ins accept anybody, so only loopback addresses are taken.
/// </summary>
internal static class SandboxListeners
{
    public const string DefaultUrl = "http://127.0.0.1:5315";

    public static void Listen(KestrelServerOptions kestrel, string? urls, SandboxOptions options, SandboxAddresses addresses)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
        foreach (var endpoint in Parse(string.IsNullOrWhiteSpace(urls) ? DefaultUrl : urls))
            kestrel.Listen(endpoint, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                addresses.AddHttp(listen);
            });
        kestrel.Listen(IPAddress.Loopback, options.Http2Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            addresses.SetHttp2(listen);
        });
        kestrel.Listen(IPAddress.Loopback, options.SmtpPort, listen =>
        {
            listen.UseConnectionHandler<SmtpConnectionHandler>();
            addresses.SetSmtp(listen);
        });
    }

    internal static List<IPEndPoint> Parse(string urls)
    {
        var endpoints = new List<IPEndPoint>();
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var address = BindingAddress.Parse(url);
            if (!string.Equals(address.Scheme, "http", StringComparison.OrdinalIgnoreCase))
                throw new InvalidOperationException($"The sandbox speaks plain HTTP only; change '{url}' in ASPNETCORE_URLS to http.");
            var host = address.Host.Trim('[', ']');
            if (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip))
                endpoints.Add(new IPEndPoint(ip, address.Port));
            else if (string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase))
                AddLocalhost(endpoints, address.Port);
            else
                throw new InvalidOperationException(
                    $"The sandbox accepts anybody, so it listens on loopback only; change '{url}' in ASPNETCORE_URLS to http://localhost:{address.Port}."
                );
        }

        return endpoints;
    }

    private static void AddLocalhost(List<IPEndPoint> endpoints, int port)
    {
        endpoints.Add(new IPEndPoint(IPAddress.Loopback, port));
        // Two sockets cannot be given the same port of the system's choice.
        if (port != 0 && System.Net.Sockets.Socket.OSSupportsIPv6 && HasLoopbackV6())
            endpoints.Add(new IPEndPoint(IPAddress.IPv6Loopback, port));
    }

    private static bool HasLoopbackV6() =>
        System
            .Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
            .Any(network => network.GetIPProperties().UnicastAddresses.Any(address => address.Address.Equals(IPAddress.IPv6Loopback)));
}
