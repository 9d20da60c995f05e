using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// A loopback port held for a process that starts later: bound, so that nobody is given it as a free one, but not listening, so that
/// whoever connects early is refused at once.
/// </summary>
internal sealed class PortReservation : IDisposable
{
    private readonly List<Socket> _held = [];

    private PortReservation(int port)
    {
        Port = port;
    }

    public int Port { get; private set; }

    /// <param name="wanted">Taken if it is free; 0 for any.</param>
    public static PortReservation Take(int wanted)
    {
        while (true)
        {
            var reservation = new PortReservation(wanted);
            try
            {
                reservation.Hold(IPAddress.Loopback);
                if (Socket.OSSupportsIPv6)
                    reservation.Hold(IPAddress.IPv6Loopback);
                return reservation;
            }
            catch (SocketException fault) when (fault.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                reservation.Dispose();
                wanted = 0;
            }
        }
    }

    public void Dispose()
    {
        foreach (var socket in _held)
            socket.Dispose();
        _held.Clear();
    }

    private void Hold(IPAddress address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, Port));
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            socket.Dispose();   // IPv6 is compiled in but switched off
            return;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }

        _held.Add(socket);
        Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
