using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Notify.AppHost.Local;

/// <summary>Free loopback ports, below the range from which the system takes the ports of outgoing connections.</summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int Last = 32_000;
    private static readonly Lock s_gate = new();
    private static readonly HashSet<int> s_given = [];

    public static int Take()
    {
        lock (s_gate)
        {
            while (true)
            {
                var port = RandomNumberGenerator.GetInt32(First, Last);
                if (!s_given.Contains(port) && IsFree(port) && s_given.Add(port))
                    return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
