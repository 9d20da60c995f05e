using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Notify.AppHost.Hosting;

/// <summary>
/// The loopback ports of this host. A port that is wanted by every host (those of the launch profiles) is claimed with a locked file until
/// the process ends, so that two hosts that start in the same second do not both take it: that nobody listens there yet says little.
/// </summary>
internal static class Ports
{
    // Above what the launch profiles want, and below the range from which systems take the ports of outgoing connections.
    private const int First = 23_000;
    private const int Last = 32_000;
    private static readonly Lock s_gate = new();
    private static readonly Dictionary<int, FileStream?> s_taken = [];

    private static string Folder =>
        Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "notify",
            "ports"
        );

    /// <summary>The wanted port, or another where somebody has it.</summary>
    public static int Take(int wanted)
    {
        lock (s_gate)
        {
            if (!s_taken.ContainsKey(wanted) && Claim(wanted) is { } claim)
            {
                if (IsFree(wanted))
                {
                    s_taken.Add(wanted, claim);
                    return wanted;
                }
                claim.Dispose();
            }
            return Take();
        }
    }

    /// <summary>A free port, drawn at random.</summary>
    public static int Take()
    {
        lock (s_gate)
        {
            while (true)
            {
                var port = RandomNumberGenerator.GetInt32(First, Last);
                if (IsFree(port) && s_taken.TryAdd(port, null))
                    return port;
            }
        }
    }

    private static FileStream? Claim(int port)
    {
        Directory.CreateDirectory(Folder);
        try
        {
            return new FileStream(
                Path.Combine(Folder, port.ToString(CultureInfo.InvariantCulture)),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (Exception taken) when (taken is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsFree(int port) =>
        IsFree(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || IsFree(IPAddress.IPv6Loopback, port));

    private static bool IsFree(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode == SocketError.AddressNotAvailable; // no such loopback on this machine
        }
    }
}
