using System.Diagnostics;
using System.Net.Sockets;

namespace Notify.Benchmarks.Load;

/// <summary>One connection of a load, and what came of its requests. For one thread.</summary>
internal sealed class LoadConnection
{
    private readonly RequestTemplate _request;
    private readonly ResponseReader _reader;
    private readonly byte[] _bytes;
    private long _askedAt;

    public LoadConnection(Uri server, RequestTemplate request)
    {
        _request = request;
        _bytes = new byte[request.Length];
        Socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Socket.Connect(server.Host, server.Port);
        _reader = new(Socket);
    }

    public Socket Socket { get; }

    /// <summary>Of each answer, by <see cref="Stopwatch"/>.</summary>
    public List<long> Ticks { get; } = new(1 << 16);

    public long Accepted { get; private set; }

    public long Other { get; private set; }

    /// <summary>Whether an answer is still to come.</summary>
    public bool IsWaiting { get; private set; }

    public bool IsBroken { get; private set; }

    /// <summary>Sends the next request.</summary>
    public void Ask()
    {
        _request.Fill(_bytes);
        _askedAt = Stopwatch.GetTimestamp();
        IsWaiting = true;
        try
        {
            for (var sent = 0; sent < _bytes.Length; )
                sent += Socket.Send(_bytes.AsSpan(sent));
        }
        catch (SocketException)
        {
            Break();
        }
    }

    /// <summary>Takes what has arrived; true where that was the rest of an answer.</summary>
    public bool Receive()
    {
        try
        {
            if (_reader.Receive() is not { } status)
                return false;
            Ticks.Add(Stopwatch.GetTimestamp() - _askedAt);
            IsWaiting = false;
            if (status == 202)
                Accepted++;
            else
                Other++;
            return true;
        }
        catch (Exception fault) when (fault is IOException or SocketException)
        {
            Break();
            return false;
        }
    }

    private void Break() => (IsBroken, IsWaiting) = (true, false);
}
