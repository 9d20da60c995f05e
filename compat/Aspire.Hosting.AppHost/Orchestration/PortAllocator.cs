using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Aspire.Hosting.Orchestration;

/// <summary>Gives each endpoint a free port, below the range from which the system takes the ports of outgoing connections.</summary>
internal sealed class PortAllocator(bool random, PortClaims claims)
{
    private const int First = 20_000;
    private const int Last = 32_000;
    private const int Attempts = 500;
    private readonly Lock _gate = new();
    private readonly HashSet<int> _given = [];

    public int Take(int? preferred = null)
    {
        lock (_gate)
        {
            if (!random && preferred is { } wanted && !_given.Contains(wanted) && IsFree(wanted) && claims.TryClaim(wanted) && _given.Add(wanted))
                return wanted;
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var port = RandomNumberGenerator.GetInt32(First, Last);
                if (!_given.Contains(port) && IsFree(port) && _given.Add(port))
                    return port;
            }
        }
        throw new DistributedApplicationException($"No free port between {First} and {Last}: stop something that listens there.");
    }

    /// <summary>Takes the port that was asked for by number.</summary>
    public int Demand(int port, string resource, string endpoint)
    {
        if (random)
            return Take();
        lock (_gate)
        {
            if (!_given.Contains(port) && IsFree(port) && claims.TryClaim(port) && _given.Add(port))
                return port;
        }
        throw new DistributedApplicationException($"Port {port} of {resource}'s endpoint '{endpoint}' is in use, or about to be by another host: stop that, or give the endpoint another port.");
    }

    private static bool IsFree(int port) => CanBind(IPAddress.Any, port) && (!Socket.OSSupportsIPv6 || CanBind(IPAddress.IPv6Loopback, port));

    private static bool CanBind(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException taken)
        {
            // Without IPv6 on this machine nothing can listen there either.
            return taken.SocketErrorCode == SocketError.AddressNotAvailable;
        }
    }
}
